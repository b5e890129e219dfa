using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Simultaneous band for the empirical distribution function of n independent uniforms, at equally spaced points.</summary>
/// <remarks>
/// Säilynoja, Bürkner and Vehtari 2022, Stat. Comput. 32, 32: at each point the pointwise binomial interval of one common
/// tail probability γ, and γ such that the whole function stays inside with the wanted probability. That probability is
/// computed exactly, by running through the points with the law of the counts. Where they use conditional binomials, the
/// counts here are those of a Poisson process given its total, which makes all steps alike.
/// </remarks>
public sealed class EcdfBand
{
    private readonly int _count;
    private readonly double[] _step;            // P(k events of a Poisson process between two points), k = 0..count
    private readonly double[][] _below;         // [point][x]: P(binomial count at the point ≤ x)

    private EcdfBand(int count, int points)
    {
        (_count, Intervals) = (count, points);
        _step = [.. Enumerable.Range(0, count + 1).Select(k => Math.Exp(SpecialFunctions.PoissonLogPmf(k, (double)count / points)))];
        _below = new double[points - 1][];
        for (int k = 0; k < _below.Length; k++)
        {
            double[] below = _below[k] = new double[count + 1];
            double sum = 0, p = (k + 1.0) / points;
            for (int x = 0; x <= count; x++)
            {
                below[x] = sum += Math.Exp(SpecialFunctions.BinomialLogPmf(x, count, p));
            }
        }
    }

    /// <summary>Number of equal steps from 0 to 1; the band is for the points between.</summary>
    public int Intervals { get; }

    /// <summary>Probability with which the function is asked to stay inside at all points.</summary>
    public double Level { get; private init; }

    /// <summary>The probability it does, exactly: at least <see cref="Level"/>, and more where counts are coarse.</summary>
    public double Coverage { get; private init; }

    /// <summary>The points 1/m, 2/m … (m − 1)/m.</summary>
    public IReadOnlyList<double> Points { get; private init; } = [];

    /// <summary>Lowest share inside the band, at each point.</summary>
    public IReadOnlyList<double> Lower { get; private init; } = [];

    /// <summary>Highest share inside the band, at each point.</summary>
    public IReadOnlyList<double> Upper { get; private init; } = [];

    /// <param name="count">Number of uniforms, n.</param>
    /// <param name="intervals">Steps m of the unit interval, at least 2. Cost and memory are of order m n.</param>
    /// <param name="level">In (0, 1).</param>
    public static EcdfBand Simultaneous(int count, int intervals, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(intervals, 2);
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "Expected a probability in (0, 1).");
        }

        // Coverage falls with γ, in steps; at γ = 0 it is 1. Fifty halvings reach the step to the last digit that matters.
        var law = new EcdfBand(count, intervals);
        double low = 0, high = 1;
        for (int i = 0; i < 50; i++)
        {
            double middle = (low + high) / 2;
            if (law.Inside(law.Limits(middle)) >= level)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        (int Lower, int Upper)[] limits = law.Limits(low);
        return new EcdfBand(law, level, law.Inside(limits), limits);
    }

    /// <summary>Probability that n uniforms give a distribution function that is as unusual, at its most unusual point, as that of <paramref name="uniforms"/>.</summary>
    /// <remarks>Exact, and conservative by the coarseness of counts. Below 1e-13 it is only a bound.</remarks>
    /// <param name="uniforms">n values in [0, 1].</param>
    public double PValue(ReadOnlySpan<double> uniforms)
    {
        if (uniforms.Length != _count)
        {
            throw new ArgumentException($"Expected {_count} values, got {uniforms.Length}.", nameof(uniforms));
        }

        double[] sorted = uniforms.ToArray();
        Array.Sort(sorted);
        if (!(sorted[0] >= 0 && sorted[^1] <= 1))
        {
            throw new ArgumentException($"Expected values in [0, 1], got {sorted[0]} to {sorted[^1]}.", nameof(uniforms));
        }

        double least = 1;
        for (int k = 0, x = 0; k < _below.Length; k++)
        {
            while (x < _count && sorted[x] <= (k + 1.0) / Intervals)
            {
                x++;
            }

            least = Math.Min(least, Tail(k, x));
        }

        return Math.Clamp(Math.Max(1 - Inside(Limits(least)), least / 2), 0, 1);
    }

    private EcdfBand(EcdfBand law, double level, double coverage, (int Lower, int Upper)[] limits)
    {
        (_count, _step, _below, Intervals, Level, Coverage) = (law._count, law._step, law._below, law.Intervals, level, coverage);
        Points = [.. Enumerable.Range(1, Intervals - 1).Select(k => (double)k / Intervals)];
        Lower = [.. limits.Select(l => (double)l.Lower / _count)];
        Upper = [.. limits.Select(l => (double)l.Upper / _count)];
    }

    // Two-sided tail probability of x events up to point k.
    private double Tail(int k, int x) => Math.Min(1, 2 * Math.Min(_below[k][x], x == 0 ? 1 : 1 - _below[k][x - 1]));

    // Counts whose two-sided tail probability is above γ: an interval, or none (Lower > Upper).
    private (int Lower, int Upper)[] Limits(double gamma)
    {
        (int, int)[] limits = new (int, int)[_below.Length];
        for (int k = 0; k < limits.Length; k++)
        {
            double[] below = _below[k];
            int lower = Array.BinarySearch(below, gamma / 2), upper;
            lower = lower >= 0 ? lower : ~lower;
            while (lower <= _count && 2 * below[lower] <= gamma)
            {
                lower++;
            }

            upper = Array.BinarySearch(below, 1 - (gamma / 2));
            upper = Math.Min(_count, upper >= 0 ? upper + 2 : ~upper + 1);
            while (upper > 0 && 2 * (1 - below[upper - 1]) <= gamma)
            {
                upper--;
            }

            limits[k] = (lower, upper);
        }

        return limits;
    }

    private double Inside((int Lower, int Upper)[] limits)
    {
        double[] now = new double[_count + 1], next = new double[_count + 1];
        now[0] = 1;
        int from = 0, to = 0;
        foreach ((int lower, int upper) in limits)
        {
            for (int y = lower; y <= upper; y++)
            {
                double sum = 0;
                for (int x = from; x <= Math.Min(to, y); x++)
                {
                    sum += now[x] * _step[y - x];
                }

                next[y] = sum;
            }

            (now, next, from, to) = (next, now, lower, upper);
            if (lower > upper)
            {
                return 0;
            }
        }

        double end = 0;
        for (int x = from; x <= to; x++)
        {
            end += now[x] * _step[_count - x];
        }

        return end / Math.Exp(SpecialFunctions.PoissonLogPmf(_count, _count));
    }
}
