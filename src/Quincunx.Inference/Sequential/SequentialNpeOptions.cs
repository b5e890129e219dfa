using Quincunx.Inference.Npe;

namespace Quincunx.Inference.Sequential;

/// <summary>Settings of <see cref="SequentialPosteriorEstimation"/>.</summary>
public sealed record SequentialNpeOptions
{
    public NeuralPosteriorOptions Network { get; init; } = new();

    /// <summary>Parameters that a pair's own is told from, itself included, in rounds after the first: from 2. A step costs as many densities.</summary>
    public int Atoms { get; init; } = 10;

    /// <summary>Whether pairs drawn from the prior also count by their plain loss where later rounds are there: holds the network in place where proposals do not go.</summary>
    public bool KeepsPlainLoss { get; init; } = true;

    /// <summary>Weight λ of the balance condition (Delaunoy et al. 2023, arXiv:2304.10978), 100 there; 0 for none. For one round.</summary>
    public double Balance { get; init; }

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal SequentialNpeOptions Checked(int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Atoms, 2);
        if (!(Balance >= 0) || !double.IsFinite(Balance))
        {
            throw new ArgumentOutOfRangeException(nameof(Balance), Balance, "Expected a weight from 0.");
        }

        return Balance > 0 && rounds > 1
            ? throw new ArgumentException($"Expected one round with a balance of {Balance}, which holds under the prior, got {rounds}.", nameof(Balance))
            : this;
    }
}
