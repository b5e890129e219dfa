using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>Whole numbers 0, ..., K - 1 with given probabilities.</summary>
public sealed class Categorical : ScalarDistribution
{
    private readonly double[] _probabilities;

    /// <param name="weights">Shape <c>[K]</c>; at least 0, with a positive, finite sum, by which they are divided.</param>
    /// <exception cref="ArgumentException">The weights are not as said.</exception>
    public Categorical(params ReadOnlySpan<double> weights)
        : base(new Support(0, weights.Length - 1, Discrete: true))
    {
        _probabilities = MixtureWeights.Normalised(weights);
    }

    /// <summary>Shape <c>[K]</c>; sums to 1.</summary>
    public IReadOnlyList<double> Probabilities => _probabilities;

    public override double Mean => _probabilities.Select((p, k) => p * k).Sum();

    public override double Variance
    {
        get
        {
            double mean = Mean;
            return _probabilities.Select((p, k) => p * (k - mean) * (k - mean)).Sum();
        }
    }

    private protected override double LogDensity(double x) => Math.Log(_probabilities[(int)x]);

    private protected override double CdfInside(double x) => Math.Min(1, _probabilities.Take((int)x + 1).Sum());

    private protected override double Draw(Rng rng) => rng.NextCategorical(_probabilities);
}
