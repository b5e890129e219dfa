using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Abc;

/// <summary>A density on a line known up to a constant, by the trapezoid rule on a fine grid; and tests of draws against it.</summary>
internal sealed class ExactCurve
{
    private const int Steps = 40_000;
    private readonly double _lower, _step;
    private readonly double[] _cdf = new double[Steps + 1];

    /// <param name="density">Vanishing, or ending, at the ends.</param>
    public ExactCurve(double lower, double upper, Func<double, double> density)
    {
        (_lower, _step) = (lower, (upper - lower) / Steps);
        double[] values = [.. Enumerable.Range(0, Steps + 1).Select(i => density(lower + (i * _step)))];
        for (int i = 1; i <= Steps; i++)
        {
            _cdf[i] = _cdf[i - 1] + (0.5 * (values[i - 1] + values[i]));
        }

        double sum = _cdf[Steps];
        for (int i = 0; i <= Steps; i++)
        {
            _cdf[i] /= sum;
        }

        // Midpoints of cells, each with its mass.
        double[] masses = [.. Enumerable.Range(0, Steps).Select(i => _cdf[i + 1] - _cdf[i])];
        Mean = masses.Select((p, i) => p * At(i)).Sum();
        Variance = masses.Select((p, i) => p * Math.Pow(At(i) - Mean, 2)).Sum();
        FourthMoment = masses.Select((p, i) => p * Math.Pow(At(i) - Mean, 4)).Sum();
    }

    public double Mean { get; }

    public double Variance { get; }

    public double FourthMoment { get; }

    /// <summary>p-value of independent, equally weighted draws (Kolmogorov and Smirnov).</summary>
    public double PValue(IEnumerable<double> draws)
    {
        double[] sorted = [.. draws.Order()];
        double largest = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double cdf = Cdf(sorted[i]);
            largest = Math.Max(largest, Math.Max(cdf - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - cdf));
        }

        return SpecialFunctions.KolmogorovSmirnovPValue(largest, sorted.Length);
    }

    /// <summary>How many standard errors weighted mean and variance are off, taking the draws for as many as their effective size.</summary>
    public (double Mean, double Variance) Deviations(ReadOnlySpan<double> draws, ReadOnlySpan<double> weights)
    {
        double total = 0, mean = 0, squares = 0, variance = 0;
        for (int i = 0; i < draws.Length; i++)
        {
            total += weights[i];
            squares += weights[i] * weights[i];
            mean += weights[i] * draws[i];
        }

        mean /= total;
        for (int i = 0; i < draws.Length; i++)
        {
            variance += weights[i] / total * Math.Pow(draws[i] - Mean, 2);
        }

        double n = total * total / squares;
        return ((mean - Mean) / Math.Sqrt(Variance / n), (variance - Variance) / Math.Sqrt((FourthMoment - (Variance * Variance)) / n));
    }

    private double At(int cell) => _lower + ((cell + 0.5) * _step);

    private double Cdf(double x)
    {
        double place = Math.Clamp((x - _lower) / _step, 0, Steps);
        int below = Math.Min((int)place, Steps - 1);
        return _cdf[below] + ((place - below) * (_cdf[below + 1] - _cdf[below]));
    }
}
