using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Simultaneous band for the empirical distribution function of n independent uniforms, at chosen points.</summary>
/// <remarks>
/// Säilynoja, Bürkner and Vehtari 2022, Stat. Comput. 32, 32: at each point the pointwise binomial interval of one common
/// tail probability γ, and γ such that the whole function stays inside with the wanted probability. That probability is
/// computed exactly, by running through the points with the law of the counts. Where they use conditional binomials, the
/// counts here are those of a Poisson process given its total, whose steps are independent of what came before.
/// The run costs of the order of n times the number of points. Where this product exceeds 2,000,000 the probability of leaving
/// is instead bounded by its sum over the points (Bonferroni), at a cost of √n each; see <see cref="IsExact"/>.
/// </remarks>
public sealed class EcdfBand
{
    private const long MostForExact = 2_000_000;            // n × points; a band takes a fraction of a second

    private readonly int _count;
    private readonly double[] _points;
    private readonly CountLaw[] _steps;                     // events of a Poisson process from the point before, and last from the last point to 1
    private readonly CountLaw[] _totals;                    // events up to the point, n in all

    private EcdfBand(int count, double[] points)
    {
        (_count, _points, IsExact) = (count, points, points.Length == 1 || (long)count * points.Length <= MostForExact);
        _totals = [.. points.Select(p => new CountLaw(count, count * p, k => SpecialFunctions.BinomialLogPmf(k, count, p)))];
        _steps = [];
        if (IsExact)
        {
            _steps = [.. points.Append(1).Zip(points.Prepend(0), (to, from) => count * (to - from))
                .Select(mean => new CountLaw(count, mean, k => SpecialFunctions.PoissonLogPmf(k, mean)))];
        }
    }

    private EcdfBand(EcdfBand law, double level, (int Lower, int Upper)[] limits)
    {
        (_count, _points, _steps, _totals, IsExact) = (law._count, law._points, law._steps, law._totals, law.IsExact);
        (Level, Coverage) = (level, 1 - Outside(limits));
        Lower = [.. limits.Select(l => (double)l.Lower / _count)];
        Upper = [.. limits.Select(l => (double)l.Upper / _count)];
    }

    /// <summary>Number of steps from 0 to 1; the band is for the points between.</summary>
    public int Intervals => _points.Length + 1;

    /// <summary>Probability with which the function is asked to stay inside at all points.</summary>
    public double Level { get; }

    /// <summary>The probability it does: at least <see cref="Level"/>, and more where counts are coarse. A lower bound unless <see cref="IsExact"/>.</summary>
    public double Coverage { get; }

    /// <summary>Whether <see cref="Coverage"/> and <see cref="PValue"/> are exact, not Bonferroni's bounds: n times the number of points is at most 2,000,000.</summary>
    /// <remarks>The bounds err to the safe side: the band is wider (by a tenth for 39 points at 95 %) and p-values are larger.</remarks>
    public bool IsExact { get; }

    /// <summary>Where the band is given, ascending, strictly between 0 and 1.</summary>
    public IReadOnlyList<double> Points => _points.AsReadOnly();

    /// <summary>Lowest share inside the band, at each point.</summary>
    public IReadOnlyList<double> Lower { get; } = [];

    /// <summary>Highest share inside the band, at each point.</summary>
    public IReadOnlyList<double> Upper { get; } = [];

    /// <summary>The band at the points 1/m, 2/m … (m − 1)/m.</summary>
    /// <param name="count">Number of uniforms, n.</param>
    /// <param name="intervals">Steps m of the unit interval, at least 2.</param>
    /// <param name="level">In (0, 1).</param>
    public static EcdfBand Simultaneous(int count, int intervals, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intervals, 2);
        return Simultaneous(count, [.. Enumerable.Range(1, intervals - 1).Select(k => (double)k / intervals)], level);
    }

    /// <summary>The band at any points. At a single one it is a binomial interval.</summary>
    /// <param name="count">Number of uniforms, n.</param>
    /// <param name="points">At least one, strictly ascending, strictly between 0 and 1.</param>
    /// <param name="level">In (0, 1).</param>
    /// <exception cref="ArgumentException">There are no points, or they are out of order or range.</exception>
    public static EcdfBand Simultaneous(int count, IReadOnlyList<double> points, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "Expected a probability in (0, 1).");
        }

        double[] ascending = [.. points];
        if (ascending.Length == 0 || !ascending.Append(1).Zip(ascending.Prepend(0), (to, from) => to > from).All(rises => rises))
        {
            throw new ArgumentException($"Expected strictly ascending points between 0 and 1, got [{string.Join(", ", ascending)}].", nameof(points));
        }

        // Coverage falls with γ, in steps; at γ = 0 it is 1. Fifty halvings reach the step to the last digit that matters;
        // most of them meet limits that were judged before.
        var law = new EcdfBand(count, ascending);
        double low = 0, high = 1;
        (int Lower, int Upper)[] holds = law.Limits(low), fails = [];
        for (int i = 0; i < 50; i++)
        {
            double middle = (low + high) / 2;
            (int Lower, int Upper)[] limits = law.Limits(middle);
            if (limits.SequenceEqual(holds) || (!limits.SequenceEqual(fails) && 1 - law.Outside(limits) >= level))
            {
                (low, holds) = (middle, limits);
            }
            else
            {
                (high, fails) = (middle, limits);
            }
        }

        return new EcdfBand(law, level, holds);
    }

    /// <summary>Probability that n uniforms give a distribution function that is as unusual, at its most unusual point, as that of <paramref name="uniforms"/>.</summary>
    /// <remarks>
    /// Conservative by the coarseness of counts, and otherwise as exact as <see cref="IsExact"/> tells. Below 1e-13 it is
    /// only a lower bound; 0 stands for less than 1e-30.
    /// </remarks>
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
        for (int k = 0, x = 0; k < _points.Length; k++)
        {
            while (x < _count && sorted[x] <= _points[k])
            {
                x++;
            }

            least = Math.Min(least, 2 * Math.Min(_totals[k].AtMost(x), _totals[k].AtLeast(x)));
        }

        return Math.Clamp(Math.Max(Outside(Limits(least)), least / 2), 0, 1);
    }

    // Counts whose two-sided tail probability is above γ: an interval, or none (Lower > Upper).
    private (int Lower, int Upper)[] Limits(double gamma) => [.. _totals.Select(t => t.Between(gamma / 2))];

    // Probability that the counts leave the limits at some point, or a bound above it.
    private double Outside((int Lower, int Upper)[] limits)
    {
        if (limits.Any(l => l.Lower > l.Upper))
        {
            return 1;
        }

        return IsExact && limits.Length > 1
            ? 1 - Inside(limits)
            : Math.Min(1, limits.Zip(_totals, (l, t) => t.AtMost(l.Lower - 1) + t.AtLeast(l.Upper + 1)).Sum());
    }

    private double Inside((int Lower, int Upper)[] limits)
    {
        double[] now = new double[_count + 1], next = new double[_count + 1];
        now[0] = 1;
        int from = 0, to = 0;
        for (int k = 0; k < limits.Length; k++)
        {
            (int lower, int upper) = limits[k];
            for (int y = lower; y <= upper; y++)
            {
                next[y] = _steps[k].Convolve(now, from, to, y);
            }

            (now, next, from, to) = (next, now, lower, upper);
        }

        return _steps[^1].Convolve(now, from, to, _count) / Math.Exp(SpecialFunctions.PoissonLogPmf(_count, _count));
    }
}
