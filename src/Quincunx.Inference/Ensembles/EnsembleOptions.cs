using Quincunx.Inference.Npe;

namespace Quincunx.Inference.Ensembles;

/// <summary>Settings of <see cref="EnsembleEstimation"/>.</summary>
public sealed record EnsembleOptions
{
    /// <summary>Networks, at least 1.</summary>
    public int Members { get; init; } = 10;

    /// <summary>Reseeded by default: a bootstrap takes 37 % of the simulations from each member, and networks miss them more than they gain by the difference.</summary>
    public EnsembleVariety Variety { get; init; } = EnsembleVariety.Reseeded;

    /// <summary>
    /// Whether the members of a thread take each step together, in one recorded computation on a batch of each, rather than an epoch in turn. The ensemble is the same, bit for bit; it takes a little longer on processors where one network has the caches to itself otherwise.
    /// </summary>
    public bool Batched { get; init; }

    /// <summary>Of each member.</summary>
    public NeuralPosteriorOptions Network { get; init; } = new();

    internal EnsembleOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Members);
        ArgumentNullException.ThrowIfNull(Network);
        return Enum.IsDefined(Variety) ? this : throw new ArgumentOutOfRangeException(nameof(Variety), Variety, "Expected a way in which members differ.");
    }
}
