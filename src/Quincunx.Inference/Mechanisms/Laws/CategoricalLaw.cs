using System.Numerics;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>An index 0, ..., K - 1 with probability proportional to its weight.</summary>
/// <remarks>The weights are not copied: they must stay as they are until the choice is made.</remarks>
public readonly ref struct CategoricalLaw<TReal>(ReadOnlySpan<TReal> weights) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    private readonly ReadOnlySpan<TReal> _weights = weights;

    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    public double Sample(Rng rng)
    {
        double total = Total();
        double level = rng.NextDouble() * total;
        return Reach(level);
    }

    /// <inheritdoc/>
    public TReal LogProb(double value)
    {
        if (!(value >= 0 && value < _weights.Length && value == Math.Floor(value)))
        {
            return Law.Outside<TReal>(value);
        }

        TReal total = TReal.Zero;
        foreach (TReal weight in _weights)
        {
            total += weight;
        }

        return TReal.Log(_weights[(int)value] / total);
    }

    /// <inheritdoc/>
    public double FromNoise(double noise) => Reach(SpecialFunctions.NormalCdf(noise) * Total());

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        double total = Total(), before = 0, after = 0;
        int chosen = (int)value;
        for (int i = 0; i < _weights.Length; i++)
        {
            before += i < chosen ? Law.Value(_weights[i]) / total : 0;
            after += i > chosen ? Law.Value(_weights[i]) / total : 0;
        }

        return Noise.Within(before, 1 - after, after, 1 - before, rng);
    }

    private double Total()
    {
        double total = 0;
        foreach (TReal weight in _weights)
        {
            double value = Law.Value(weight);
            Parameter.Check(value >= 0, value, "weights of at least 0");
            total += value;
        }

        Parameter.Check(total > 0 && double.IsFinite(total), total, "weights with a positive, finite sum");
        return total;
    }

    // The first index whose cumulative weight is above the level; the last of positive weight where rounding reaches the total.
    private double Reach(double level)
    {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < _weights.Length; i++)
        {
            double weight = Law.Value(_weights[i]);
            sum += weight;
            last = weight > 0 ? i : last;
            if (level < sum)
            {
                return i;
            }
        }

        return last;
    }
}
