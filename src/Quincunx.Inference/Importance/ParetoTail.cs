using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Importance;

/// <summary>A generalised Pareto distribution of excesses, fitted to the largest of many values.</summary>
/// <remarks>
/// Density <c>(1/σ) (1 + k y / σ)^(−1/k − 1)</c> for y ≥ 0 (and y ≤ −σ/k where k &lt; 0). The mean of values with such a tail is finite
/// for k &lt; 1, the variance for k &lt; 1/2.
/// </remarks>
/// <param name="Shape">
/// The tail index k. Negative infinity where the tail has no spread (all its values equal, hence bounded); NaN where there are too few values.
/// </param>
/// <param name="Scale">σ, positive; NaN where <paramref name="Shape"/> is not finite.</param>
/// <param name="Count">Number of excesses that were fitted.</param>
public sealed record ParetoTail(double Shape, double Scale, int Count)
{
    private const int Smallest = 5;     // a fit to fewer excesses says nothing (Vehtari et al. 2024, section 6)

    /// <summary>The tail of importance weights: the largest <c>min(n/5, 3 √n)</c> of n, over the next smaller.</summary>
    /// <remarks>
    /// Vehtari, Simpson, Gelman, Yao, Gabry 2024, Pareto smoothed importance sampling, JMLR 25(72). The shape is shrunk to 1/2
    /// with the weight of ten observations, as there.
    /// </remarks>
    /// <param name="weights">Any common factor; not negative, no NaN.</param>
    public static ParetoTail OfWeights(ReadOnlySpan<double> weights)
    {
        int n = weights.Length;
        int length = (int)Math.Ceiling(Math.Min(0.2 * n, 3 * Math.Sqrt(n)));
        if (length < Smallest)
        {
            return new ParetoTail(double.NaN, double.NaN, length);
        }

        double[] sorted = weights.ToArray();
        Array.Sort(sorted);
        double threshold = sorted[n - length - 1];
        double[] excesses = [.. sorted.AsSpan(n - length).ToArray().Select(w => w - threshold).Where(y => y > 0)];
        if (excesses.Length == 0)
        {
            return new ParetoTail(threshold > 0 ? double.NegativeInfinity : double.NaN, double.NaN, 0);
        }

        if (excesses.Length < Smallest)
        {
            // Below the tail everything is equal. Equal positive weights are the best there can be but for these few; equal zeros are
            // weights that hang on a handful of draws.
            return new ParetoTail(double.NaN, double.NaN, excesses.Length);
        }

        ParetoTail fit = Fit(excesses);
        const double PriorCount = 10, PriorShape = 0.5;
        return double.IsFinite(fit.Shape)
            ? fit with { Shape = ((fit.Shape * fit.Count) + (PriorShape * PriorCount)) / (fit.Count + PriorCount) }
            : fit;
    }

    /// <summary>Fits excesses over a threshold by the quasi-posterior mean of Zhang and Stephens.</summary>
    /// <remarks>Zhang and Stephens 2009, Technometrics 51, 316. Their k is minus ours. Without the shrinkage of <see cref="OfWeights"/>.</remarks>
    /// <param name="excesses">At least 5 positive finite values, in any order.</param>
    public static ParetoTail Fit(ReadOnlySpan<double> excesses)
    {
        int n = excesses.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(n, Smallest, nameof(excesses));
        double[] y = excesses.ToArray();
        Array.Sort(y);
        if (!(y[0] > 0) || !double.IsFinite(y[^1]))
        {
            throw new ArgumentException($"Expected positive finite excesses, got values from {y[0]} to {y[^1]}.", nameof(excesses));
        }

        if (y[0] == y[^1])
        {
            return new ParetoTail(double.NegativeInfinity, double.NaN, n);
        }

        // Profile likelihood in b = k/σ with the sign of Zhang and Stephens' θ = −k/σ: for given θ the best shape is k = mean log(1 − θ y).
        // Their grid puts the prior's scale at the first quartile and keeps every θ below 1 / max y.
        int points = 30 + (int)Math.Sqrt(n);
        double quartile = y[(int)Math.Floor((n / 4.0) + 0.5) - 1];
        double[] theta = new double[points], logLikelihood = new double[points];
        for (int j = 0; j < points; j++)
        {
            theta[j] = (1 / y[^1]) + ((1 - Math.Sqrt(points / (j + 0.5))) / (3 * quartile));
            double shape = MeanLog(y, theta[j]);

            // θ → 0 is the exponential limit, where −θ/k → 1 / mean: no grid point is 0 exactly but by accident.
            logLikelihood[j] = theta[j] == 0 ? double.NegativeInfinity : n * (Math.Log(-theta[j] / shape) - shape - 1);
        }

        double total = SpecialFunctions.LogSumExp(logLikelihood), mean = 0;
        for (int j = 0; j < points; j++)
        {
            mean += theta[j] * Math.Exp(logLikelihood[j] - total);
        }

        double k = MeanLog(y, mean);
        return new ParetoTail(k, -k / mean, n);
    }

    private static double MeanLog(double[] y, double theta)
    {
        double sum = 0;
        foreach (double value in y)
        {
            sum += SpecialFunctions.Log1p(-theta * value);
        }

        return sum / y.Length;
    }
}
