namespace Quincunx.Runs.Reports.Figures;

/// <summary>A simultaneous band for the empirical distribution function of independent uniform draws.</summary>
/// <remarks>
/// Säilynoja, Bürkner and Vehtari 2022 (Stat. Comput. 32, 32): binomial intervals at every point, at one common level chosen so that the
/// whole curve lies within them with the asked probability. That probability is exact, by the Markov chain of the counts from point to
/// point. Counts are whole numbers, so the band holds the asked probability or slightly more.
/// </remarks>
internal sealed class EcdfBand
{
    // The chain's cost grows as draws × points. Above this the level of Bonferroni is used, which is slightly wide.
    private const int MostForExact = 20_000;

    private readonly int _draws;
    private readonly double[] _points;
    private readonly double[] _logFactorial;

    private EcdfBand(int draws, double[] points)
    {
        (_draws, _points, _logFactorial) = (draws, points, Binomial.LogFactorials(draws));
    }

    /// <summary>Share of the draws at or below each point: its lowest and highest value inside the band.</summary>
    /// <param name="draws">At least 1.</param>
    /// <param name="points">Ascending, strictly between 0 and 1; the probabilities at which the curve is judged.</param>
    /// <param name="probability">That the whole curve lies within the band, when the draws are uniform.</param>
    public static (double[] Low, double[] High) Of(int draws, IReadOnlyList<double> points, double probability)
    {
        var band = new EcdfBand(draws, [.. points]);
        double strict = (1 - probability) / points.Count, loose = 1 - probability;
        if (draws > MostForExact || points.Count < 2)
        {
            loose = strict;
        }

        for (int i = 0; i < 14 && loose > strict * 1.0005; i++)
        {
            double middle = Math.Sqrt(strict * loose);
            (strict, loose) = band.Coverage(band.Limits(middle)) >= probability ? (middle, loose) : (strict, middle);
        }

        (int[] low, int[] high) = band.Limits(strict);
        return ([.. low.Select(k => k / (double)draws)], [.. high.Select(k => k / (double)draws)]);
    }

    /// <summary>The probability that the counts of uniform draws stay within limits at every point.</summary>
    internal static double Coverage(int draws, double[] points, int[] low, int[] high) => new EcdfBand(draws, points).Coverage((low, high));

    private (int[] Low, int[] High) Limits(double level) => (
        [.. _points.Select(p => Binomial.Quantile(_draws, p, level / 2, _logFactorial))],
        [.. _points.Select(p => Binomial.Quantile(_draws, p, 1 - (level / 2), _logFactorial))]);

    private double Coverage((int[] Low, int[] High) limits)
    {
        // state[k - from]: probability that k draws lie below the point and no limit was crossed before it.
        double[] state = [1];
        int from = 0;
        double previous = 0;
        for (int i = 0; i < _points.Length; i++)
        {
            double step = (_points[i] - previous) / (1 - previous);      // of the draws not yet passed, the share that this step passes
            double logIn = Math.Log(step), logOut = Math.Log(1 - step);
            double[] following = new double[limits.High[i] - limits.Low[i] + 1];
            for (int k = 0; k < state.Length; k++)
            {
                int rest = _draws - from - k;
                for (int next = Math.Max(limits.Low[i], from + k); next <= Math.Min(limits.High[i], _draws) && state[k] > 0; next++)
                {
                    following[next - limits.Low[i]] += state[k] * Binomial.Mass(rest, next - from - k, logIn, logOut, _logFactorial);
                }
            }

            (state, from, previous) = (following, limits.Low[i], _points[i]);
        }

        return state.Sum();
    }
}
