namespace Quincunx.Inference.Samplers;

public sealed record EnsembleOptions : ChainOptions
{
    /// <summary>Largest stretch a, above 1: a walker is put between 1/a and a times its distance from another.</summary>
    public double Stretch { get; init; } = 2;

    /// <summary>Share of moves that add the difference of two other walkers instead, in [0, 1]. A tenth of them add all of it, which leads from mode to mode.</summary>
    public double DifferentialShare { get; init; } = 0.5;

    internal EnsembleOptions Checked()
    {
        CheckChains();
        if (!(Stretch > 1 && double.IsFinite(Stretch)))
        {
            throw new ArgumentOutOfRangeException(nameof(Stretch), Stretch, "Expected a finite number above 1.");
        }

        return DifferentialShare is >= 0 and <= 1 ? this : throw new ArgumentOutOfRangeException(nameof(DifferentialShare), DifferentialShare, "Expected a share in [0, 1].");
    }
}
