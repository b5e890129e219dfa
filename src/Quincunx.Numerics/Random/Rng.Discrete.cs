using Quincunx.Numerics.Special;

namespace Quincunx.Numerics.Random;

public sealed partial class Rng
{
    // Beyond 2^50 sampling "whole numbers" in float64 arithmetic would leave gaps of a visible share of the spread.
    private const double LargestCount = 1L << 50;

    /// <summary>Uniform on 0, ..., <paramref name="bound"/> - 1, without bias.</summary>
    /// <remarks>D. Lemire 2019, ACM Trans. Model. Comput. Simul. 29, 3: multiply, and reject the few low words that would favour some.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public long NextInt64(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong range = (ulong)bound;
        ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong threshold = unchecked(0UL - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (long)high;
    }

    /// <summary>Uniform on 0, ..., <paramref name="bound"/> - 1, without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int NextInt32(int bound) => (int)NextInt64(bound);

    /// <summary>True with the given probability, to 2⁻⁵³.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is not in [0, 1].</exception>
    public bool NextBernoulli(double probability)
    {
        CheckProbability(probability);
        return NextDouble() < probability;
    }

    /// <summary>Poisson with the given mean.</summary>
    /// <remarks>
    /// Below a mean of 10 by counting arrivals, above by transformed rejection with squeeze (PTRS, W. Hörmann 1993,
    /// Insurance: Math. and Econ. 12, 39): exact, at a cost that does not grow with the mean.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mean"/> is negative, NaN or above 2⁵⁰.</exception>
    public long NextPoisson(double mean)
    {
        if (!(mean >= 0 && mean <= LargestCount))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "Expected a mean in [0, 2^50].");
        }

        return mean < 10 ? PoissonByArrivals(mean) : PoissonByRejection(mean);
    }

    /// <summary>Number of successes in <paramref name="trials"/> trials.</summary>
    /// <remarks>
    /// Up to 10 expected successes (or failures, whichever is rarer) by walking up the distribution function, above by
    /// transformed rejection with squeeze (BTRS, W. Hörmann 1993, J. Stat. Comput. Simul. 46, 101).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Trials are negative or above 2⁵⁰, or the probability is not in [0, 1].</exception>
    public long NextBinomial(long trials, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trials, (long)LargestCount);
        CheckProbability(probability);
        if (probability > 0.5)
        {
            return trials - NextBinomial(trials, 1 - probability);
        }

        return trials * probability < 10 ? BinomialByWalking(trials, probability) : BinomialByRejection(trials, probability);
    }

    /// <summary>Index <c>i</c> with probability proportional to <c>weights[i]</c>, by one pass over the weights.</summary>
    /// <exception cref="ArgumentException">There are no weights, one is negative or not finite, or they sum to zero or infinity.</exception>
    public int NextCategorical(ReadOnlySpan<double> weights)
    {
        double total = 0;
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0))
            {
                throw new ArgumentException($"Expected weights of at least 0, got {weights[i]} at index {i}.", nameof(weights));
            }

            if (weights[i] > 0)
            {
                (total, last) = (total + weights[i], i);
            }
        }

        if (last < 0 || !double.IsFinite(total))
        {
            throw new ArgumentException($"Expected {weights.Length} weights with a positive, finite sum, got {total}.", nameof(weights));
        }

        double level = NextDouble() * total, sum = 0;
        for (int i = 0; i < last; i++)
        {
            sum += weights[i];
            if (level < sum)
            {
                return i;
            }
        }

        return last;                            // also where rounding puts the level at the total
    }

    /// <summary>A uniformly random order of 0, ..., <paramref name="count"/> - 1 (Fisher and Yates).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle<int>(order);
        return order;
    }

    /// <summary>Puts the items into uniformly random order, in place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static void CheckProbability(double probability)
    {
        if (!(probability >= 0 && probability <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a probability in [0, 1].");
        }
    }

    // The number of unit-rate arrivals before time `mean`; a product of uniforms is a sum of waiting times.
    private long PoissonByArrivals(double mean)
    {
        double limit = Math.Exp(-mean), product = NextOpenDouble();
        long count = 0;
        while (product > limit)
        {
            product *= NextOpenDouble();
            count++;
        }

        return count;
    }

    private long PoissonByRejection(double mean)
    {
        double b = 0.931 + 2.53 * Math.Sqrt(mean), a = -0.059 + 0.02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            double u = NextOpenDouble() - 0.5, v = NextOpenDouble(), edge = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / edge + b) * u + mean + 0.43);
            if (edge >= 0.07 && v <= squeeze)
            {
                return (long)k;
            }

            if (k >= 0 && (edge >= 0.013 || v <= edge)
                && Math.Log(v * inverseAlpha / (a / (edge * edge) + b)) <= SpecialFunctions.PoissonLogPmf(k, mean))
            {
                return (long)k;
            }
        }
    }

    private long BinomialByWalking(long trials, double probability)
    {
        if (probability == 0)
        {
            return 0;
        }

        double odds = probability / (1 - probability);
        double none = Math.Exp(trials * SpecialFunctions.Log1p(-probability));      // at least e^-14, as trials * p < 10 and p <= 1/2
        while (true)
        {
            double u = NextOpenDouble(), term = none;
            for (long k = 0; k <= trials && term > 0; k++)
            {
                if (u <= term)
                {
                    return k;
                }

                u -= term;
                term *= odds * (trials - k) / (k + 1);
            }
        }                                       // u beyond the rounded sum (once in 2^50 draws): draw again
    }

    private long BinomialByRejection(long trials, double probability)
    {
        double sd = Math.Sqrt(trials * probability * (1 - probability));
        double b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * probability, c = trials * probability + 0.5;
        double alpha = (2.83 + 5.1 / b) * sd, squeeze = 0.92 - 4.2 / b;
        double atMode = SpecialFunctions.BinomialLogPmf(Math.Floor((trials + 1) * probability), trials, probability);
        while (true)
        {
            double u = NextOpenDouble() - 0.5, v = NextOpenDouble(), edge = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / edge + b) * u + c);
            if (edge >= 0.07 && v <= squeeze)
            {
                return (long)k;
            }

            if (k >= 0 && k <= trials && Math.Log(v * alpha / (a / (edge * edge) + b))
                <= SpecialFunctions.BinomialLogPmf(k, trials, probability) - atMode)
            {
                return (long)k;
            }
        }
    }
}
