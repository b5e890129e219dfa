using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>What the weights <c>w = target / proposal</c> of n draws say: how many draws they are worth, the evidence, and whether to believe it.</summary>
/// <remarks>
/// Every draw counts in n, whatever its weight. A NaN or +∞ log-weight has no meaning as a weight: it gets weight zero and is
/// counted in <see cref="Invalid"/>, so that the caller sees it. With no positive weight at all <see cref="IsEmpty"/> is set and
/// the weights are all zero.
/// </remarks>
public sealed class ImportanceWeights
{
    private readonly double[] _weights;

    private ImportanceWeights(double[] weights, int zeros, int invalid, double shift, double sum, double squares)
    {
        int n = weights.Length;
        (_weights, Zeros, Invalid) = (weights, zeros, invalid);
        IsEmpty = sum == 0;
        EffectiveSampleSize = IsEmpty ? 0 : sum * sum / squares;
        LogEvidence = IsEmpty ? double.NegativeInfinity : shift + Math.Log(sum / n);

        // Delta method: sd(log Ẑ) ≈ sd(Ẑ)/Z, and var(Ẑ)/Z² = (n Σw²/(Σw)² − 1) / (n − 1) with the unbiased variance of w.
        LogEvidenceError = IsEmpty || n == 1 ? double.NaN : Math.Sqrt(Math.Max(0, (n / EffectiveSampleSize) - 1) / (n - 1));
        Tail = ParetoTail.OfWeights(weights);
    }

    /// <summary>Weights of mean 1, one a draw; all zero if <see cref="IsEmpty"/>.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    public int Count => _weights.Length;

    /// <summary>Draws with log-weight −∞: outside the target's support.</summary>
    public int Zeros { get; }

    /// <summary>Draws whose log-weight is NaN or +∞; their weight is zero.</summary>
    public int Invalid { get; }

    /// <summary>No draw has a positive weight: nothing can be said about the target.</summary>
    public bool IsEmpty { get; }

    /// <summary>Kish's <c>(Σ w)² / Σ w²</c>; 0 if <see cref="IsEmpty"/>.</summary>
    public double EffectiveSampleSize { get; }

    /// <summary>Effective sample size per draw, in [0, 1].</summary>
    public double Efficiency => EffectiveSampleSize / Count;

    /// <summary>log of the mean weight: the log of the target's integral where the proposal is normalised.</summary>
    /// <remarks>The mean weight is unbiased, its logarithm low by about half of <see cref="LogEvidenceError"/> squared.</remarks>
    public double LogEvidence { get; }

    /// <summary>Standard error of <see cref="LogEvidence"/> (delta method); trust it only with <see cref="ParetoK"/> below 0.7.</summary>
    public double LogEvidenceError { get; }

    /// <summary>The generalised Pareto fit to the largest weights.</summary>
    public ParetoTail Tail { get; }

    /// <summary>
    /// Shape of the weights' tail. Below <c>min(1 − 1/log10 n, 0.7)</c> averages are reliable; above 0.7 their error is unknown,
    /// above 1 even the mean weight is infinite (Vehtari et al. 2024). NaN: too few draws or positive weights to tell, which is no reassurance.
    /// </summary>
    public double ParetoK => Tail.Shape;

    /// <summary>The largest tail shape at which n draws give reliable averages: <c>min(1 − 1/log10 n, 0.7)</c>.</summary>
    public double ParetoKLimit => Math.Min(1 - (1 / Math.Log10(Math.Max(Count, 2))), 0.7);

    /// <param name="logWeights">log target − log proposal at each draw; at least one. Any of them may be −∞, +∞ or NaN.</param>
    public static ImportanceWeights FromLog(ReadOnlySpan<double> logWeights)
    {
        if (logWeights.IsEmpty)
        {
            throw new ArgumentException("Expected at least one log-weight, got none.", nameof(logWeights));
        }

        int zeros = 0, invalid = 0, n = logWeights.Length;
        double largest = double.NegativeInfinity;
        foreach (double log in logWeights)
        {
            if (double.IsNaN(log) || double.IsPositiveInfinity(log))
            {
                invalid++;
            }
            else if (double.IsNegativeInfinity(log))
            {
                zeros++;
            }
            else
            {
                largest = Math.Max(largest, log);
            }
        }

        double[] weights = new double[n];
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            if (double.IsFinite(logWeights[i]))
            {
                weights[i] = Math.Exp(logWeights[i] - largest);
                sum += weights[i];
                squares += weights[i] * weights[i];
            }
        }

        if (sum > 0)
        {
            double factor = n / sum;
            for (int i = 0; i < n; i++)
            {
                weights[i] *= factor;
            }
        }

        return new ImportanceWeights(weights, zeros, invalid, largest, sum, squares);
    }

    /// <summary>Indices of draws such that the chosen ones, with repeats, are equally weighted; in ascending order.</summary>
    /// <param name="count">How many to choose; more than <see cref="EffectiveSampleSize"/> brings repeats and no information.</param>
    /// <exception cref="InvalidOperationException">There is no positive weight.</exception>
    public int[] Resample(int count, Rng rng, ResamplingScheme scheme = ResamplingScheme.Systematic)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(rng);
        if (IsEmpty)
        {
            throw new InvalidOperationException("No draw has a positive weight, so none can be chosen.");
        }

        int[] chosen = new int[count];
        double step = (double)Count / count, passed = _weights[0], shift = rng.NextDouble();
        int last = Array.FindLastIndex(_weights, w => w > 0), at = 0;
        for (int i = 0; i < count; i++)
        {
            double target = (i + shift) * step;
            while (passed <= target && at < last)
            {
                passed += _weights[++at];
            }

            chosen[i] = at;
            if (scheme == ResamplingScheme.Stratified)
            {
                shift = rng.NextDouble();
            }
        }

        return chosen;
    }

    /// <summary>Indices of different draws, chosen one after another with chances proportional to the weights of those that are left; in the order of choice.</summary>
    /// <remarks>
    /// By exponential clocks (Efraimidis and Spirakis 2006, Inf. Process. Lett. 97, 181). Draws that together stand for much of the weight are chosen once where they should be chosen often, so the chosen are too wide or too flat by an amount
    /// that grows with count × largest weight / n; for count far below <see cref="EffectiveSampleSize"/> there is no difference to <see cref="Resample"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer draws of positive weight than asked for.</exception>
    public int[] ResampleWithoutReplacement(int count, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(rng);
        int positive = _weights.Count(w => w > 0);
        if (count > positive)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected at most as many draws as have a positive weight, {positive}.");
        }

        // The first of independent exponential clocks with rates wᵢ rings at i with chance wᵢ / Σ w, and the others know nothing of it.
        double[] rings = [.. _weights.Select(w => w > 0 ? rng.NextExponential() / w : double.PositiveInfinity)];
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(rings, order);
        return order[..count];
    }
}
