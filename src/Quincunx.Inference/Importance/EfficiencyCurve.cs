using System.Globalization;

namespace Quincunx.Inference.Importance;

/// <summary>Effective share of draws against their number: whether an efficiency that was found will be that of a longer run.</summary>
/// <remarks>
/// Weights with tail index k above 1/2 have no variance: the sum of their squares grows as n^(2k), so the share of n draws that is effective falls as n^(1 − 2k), and the share of a pilot is always too good. Even with a variance, few
/// draws have mostly not seen the large weights yet. So shares are computed over disjoint blocks of every power of two: the trend is how a block compares with its own two halves, which share its weights and so most of the noise.
/// </remarks>
public sealed class EfficiencyCurve
{
    private const int Smallest = 64, FewestPairs = 4, Octaves = 3;
    private const double Reach = 10, Flat = 0.02, Steep = 0.1;
    private readonly int _count;
    private readonly double _tailHigh, _relativeError;

    private EfficiencyCurve(EfficiencyPoint[] points, (double Mean, double Error) slope, ImportanceWeights weights)
    {
        (Points, Slope, SlopeError, ParetoK, _count) = (points, slope.Mean, slope.Error, weights.ParetoK, weights.Count);

        // Two standard errors of the shape above it (Smith 1987). Weights that are all equal have no tail.
        double k = weights.ParetoK;
        _tailHigh = double.IsNegativeInfinity(k) ? k : k + (2 * (1 + k) / Math.Sqrt(weights.Tail.Count));
        Trend = k >= 0.5 || (Slope < -Flat && Slope + (2 * SlopeError) < 0) ? EfficiencyTrend.Falling
            : _tailHigh < 0.5 && Slope - (2 * SlopeError) > -Steep ? EfficiencyTrend.Settled
            : EfficiencyTrend.Unclear;

        // Where the weights have no variance, shares of blocks scatter by as much at any length of block (their law tends to a stable one), so many blocks tell nothing about a long one.
        EfficiencyPoint? spread = points.LastOrDefault(p => p.Blocks >= 2 * FewestPairs);
        _relativeError = spread is null ? double.NaN : spread.StandardDeviation / spread.Mean / (Trend == EfficiencyTrend.Settled ? Math.Sqrt(spread.Blocks) : 1);
    }

    /// <summary>At powers of two from 64 on, and last of all draws. With fewer than 64 draws the last alone.</summary>
    public IReadOnlyList<EfficiencyPoint> Points { get; }

    /// <summary>d log efficiency / d log n over the last octaves with at least four blocks each; NaN where there are none.</summary>
    public double Slope { get; }

    /// <summary>Standard error of <see cref="Slope"/>.</summary>
    public double SlopeError { get; }

    /// <summary>Tail index of all weights.</summary>
    public double ParetoK { get; }

    /// <summary>By the slope and by the tail index.</summary>
    public EfficiencyTrend Trend { get; }

    /// <param name="logWeights">In the order of the draws; any of them may be −∞, +∞ or NaN. At least one.</param>
    public static EfficiencyCurve Of(ReadOnlySpan<double> logWeights)
    {
        var weights = ImportanceWeights.FromLog(logWeights);
        ReadOnlySpan<double> w = weights.Weights;
        List<EfficiencyPoint> points = [];
        List<(double Mean, double Error)> changes = [];
        List<(double Sum, double Squares)> blocks = [];
        for (int from = 0; from + Smallest <= w.Length; from += Smallest)
        {
            blocks.Add(Sums(w.Slice(from, Smallest)));
        }

        for (int n = Smallest; blocks.Count > 0; n *= 2)
        {
            if (n < w.Length)
            {
                points.Add(Point(n, blocks));
            }

            List<(double Sum, double Squares)> pairs = [];
            List<double> change = [];
            for (int i = 0; i + 1 < blocks.Count; i += 2)
            {
                (double Sum, double Squares) both = (blocks[i].Sum + blocks[i + 1].Sum, blocks[i].Squares + blocks[i + 1].Squares);
                double halves = (Share(blocks[i], n) + Share(blocks[i + 1], n)) / 2;
                pairs.Add(both);
                if (halves > 0)
                {
                    change.Add(Math.Log2(Share(both, 2 * n) / halves));
                }
            }

            if (change.Count >= FewestPairs)
            {
                double mean = change.Average();
                changes.Add((mean, Math.Sqrt(change.Sum(c => (c - mean) * (c - mean)) / (change.Count - 1) / change.Count)));
            }

            blocks = pairs;
        }

        points.Add(Point(w.Length, [Sums(w)]));
        return new EfficiencyCurve([.. points], Slopes(changes), weights);
    }

    /// <summary>What a run of another length would be worth, as a range.</summary>
    /// <param name="draws">At least one.</param>
    public EffectiveProjection Project(long draws)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        double efficiency = Points[^1].Mean, factor = (double)draws / _count;
        if (draws <= _count)
        {
            EfficiencyPoint near = Points.LastOrDefault(p => p.Draws <= draws) ?? Points[0];
            return new EffectiveProjection(draws, near.Least * draws, near.Greatest * draws, true,
                Invariant($"{draws} draws were worth {near.Least * draws:G3} to {near.Greatest * draws:G3} in {near.Blocks} blocks of {near.Draws}."));
        }

        double fall = Math.Min(0, Math.Min(1 - (2 * _tailHigh), Slope - (2 * SlopeError))), error = 2 * _relativeError;
        double high = efficiency * draws * (1 + error), low = efficiency * draws * Math.Max(0, 1 - error) * Math.Pow(factor, fall);
        bool trustworthy = Trend == EfficiencyTrend.Settled && factor <= Reach;
        if (double.IsNaN(low))
        {
            return new EffectiveProjection(draws, 0, draws, false, Invariant($"{_count} draws are too few to say anything about {draws}."));
        }

        (low, high) = (Math.Min(low, draws), Math.Min(high, draws));
        string why = Trend switch
        {
            EfficiencyTrend.Falling => Invariant($"the efficiency falls with the number of draws (tail index {ParetoK:0.00}, slope {Slope:0.00} ± {SlopeError:0.00}): do not size a run by this"),
            EfficiencyTrend.Unclear => Invariant($"these draws do not tell whether the efficiency has settled (tail index {ParetoK:0.00}, slope {Slope:0.00} ± {SlopeError:0.00}): do not size a run by this"),
            _ when !trustworthy => Invariant($"the efficiency has settled, but this is {factor:G3} times as far as was measured: look again at {Reach * _count:G3}"),
            _ => "the efficiency has settled",
        };
        return new EffectiveProjection(draws, low, high, trustworthy, Invariant($"{draws} draws would be worth {low:G3} to {high:G3}, from {_count} that are worth {efficiency * _count:G3}; {why}."));
    }

    private static (double Sum, double Squares) Sums(ReadOnlySpan<double> w)
    {
        (double sum, double squares) = (0, 0);
        foreach (double v in w)
        {
            (sum, squares) = (sum + v, squares + (v * v));
        }

        return (sum, squares);
    }

    private static double Share((double Sum, double Squares) block, int n) => block.Sum > 0 && block.Squares > 0 ? block.Sum * block.Sum / block.Squares / n : 0;

    private static EfficiencyPoint Point(int n, List<(double Sum, double Squares)> blocks)
    {
        double[] shares = [.. blocks.Select(b => Share(b, n))];
        double mean = shares.Average(), sd = shares.Length < 2 ? double.NaN : Math.Sqrt(shares.Sum(s => (s - mean) * (s - mean)) / (shares.Length - 1));
        return new EfficiencyPoint(n, shares[0], shares.Length, mean, sd, shares.Min(), shares.Max());
    }

    // The mean of the last octaves, since in heavy tails the weighted mean would follow those octaves that missed the large weights.
    private static (double Mean, double Error) Slopes(List<(double Mean, double Error)> changes)
    {
        (double Mean, double Error)[] last = [.. changes.TakeLast(Octaves)];
        return last.Length == 0 ? (double.NaN, double.NaN) : (last.Average(c => c.Mean), Math.Sqrt(last.Sum(c => c.Error * c.Error)) / last.Length);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
