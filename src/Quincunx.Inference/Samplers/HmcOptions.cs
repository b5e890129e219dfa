namespace Quincunx.Inference.Samplers;

public sealed record HmcOptions : HamiltonianOptions
{
    /// <summary>Mean length of a trajectory, in the units of the metric: of standard deviations, once the warm-up has learned them. At π/2 a Gaussian is independent of where it began.</summary>
    public double TrajectoryLength { get; init; } = Math.PI / 2;

    /// <summary>Lengths are uniform within this share of the mean, in [0, 1), so that no period of the motion is met each time.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>Leapfrog steps that no trajectory exceeds.</summary>
    public int MaxSteps { get; init; } = 1_000;

    internal HmcOptions Checked()
    {
        CheckHamiltonian();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSteps);
        if (!(TrajectoryLength > 0 && double.IsFinite(TrajectoryLength)))
        {
            throw new ArgumentOutOfRangeException(nameof(TrajectoryLength), TrajectoryLength, "Expected a positive, finite length.");
        }

        return Jitter is >= 0 and < 1 ? this : throw new ArgumentOutOfRangeException(nameof(Jitter), Jitter, "Expected a share in [0, 1).");
    }
}
