using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Abc;

/// <summary>Equal normal kernels about weighted points, of the shape and the width at which left-out points have the largest density.</summary>
/// <remarks>
/// Two shapes are tried: the covariance of the points, and the mean square difference of points and their nearest neighbours, which is that inside of a mode where there are several. Width by likelihood cross-validation (Habbema, Hermans and van den
/// Broek 1974).
/// </remarks>
internal sealed class NormalKernels
{
    private const int MostLeftOut = 1000;
    private const double GlobalPart = 0.01;
    private static readonly double[] Widths = [.. Enumerable.Range(0, 19).Select(i => Math.Pow(2, (i / 2.0) - 7))];
    private readonly int _d;
    private readonly double[] _white, _logWeights, _cumulative, _factor, _zero;
    private readonly double _logUnit, _width;

    private NormalKernels(int d, double[] z, double[] weights, double[] factor)
    {
        (_d, _factor, _zero, _white) = (d, factor, new double[d], new double[z.Length]);
        _logWeights = [.. weights.Select(w => Math.Log(w))];
        _cumulative = new double[weights.Length];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            CholeskyFactor.Solve(factor, z.AsSpan(i * d, d), _zero, _white.AsSpan(i * d, d));
            _cumulative[i] = sum += weights[i];
        }

        _logUnit = -0.5 * d * Math.Log(2 * Math.PI);
        for (int k = 0; k < d; k++)
        {
            _logUnit -= Math.Log(factor[(k * d) + k]);
        }

        (_width, Score) = BestWidth(weights);
        Spread = _width;
    }

    /// <summary>Width of the kernels, as the root of their mean variance in units of the points' covariance.</summary>
    public double Spread { get; private set; }

    /// <summary>Mean log-density of left-out points.</summary>
    public double Score { get; }

    /// <summary>The kernels, or why there are none.</summary>
    /// <param name="z">Shape <c>[n, d]</c>, n > d + 1.</param>
    /// <param name="weights">Positive, with sum 1; shape <c>[n]</c>.</param>
    public static (NormalKernels? Kernels, (int Row, double Pivot)? Fault) Fit(int d, double[] z, double[] weights)
    {
        double[][] points = [.. z.Chunk(d)];
        double[] covariance = SmcProposal.Moments(points, weights, [.. Enumerable.Range(0, points.Length)]).Covariance, factor = new double[d * d], local = new double[d * d];
        if (CholeskyFactor.Compute(covariance, d, factor, tolerance: 1e-12) is { } fault)
        {
            return (null, fault);
        }

        var global = new NormalKernels(d, z, weights, factor);
        double[] near = global.NeighbourCovariance(points, weights);
        for (int k = 0; k < near.Length; k++)
        {
            near[k] += GlobalPart * covariance[k];
        }

        if (CholeskyFactor.Compute(near, d, local, tolerance: 1e-12) is not null)
        {
            return (global, null);
        }

        double share = Math.Sqrt(Enumerable.Range(0, d).Average(k => near[k * (d + 1)] / covariance[k * (d + 1)]));
        var modal = new NormalKernels(d, z, weights, local);
        modal.Spread *= share;
        return (modal.Score > global.Score ? modal : global, null);
    }

    public void Draw(Span<double> z, Rng rng)
    {
        double place = rng.NextDouble() * _cumulative[^1];
        int found = Array.BinarySearch(_cumulative, place), chosen = Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
        Span<double> white = _d <= 64 ? stackalloc double[_d] : new double[_d];
        for (int k = 0; k < _d; k++)
        {
            white[k] = _white[(chosen * _d) + k] + (_width * rng.NextNormal());
        }

        for (int i = 0; i < _d; i++)
        {
            z[i] = 0;
            for (int k = 0; k <= i; k++)
            {
                z[i] += _factor[(i * _d) + k] * white[k];
            }
        }
    }

    public double LogDensity(ReadOnlySpan<double> z)
    {
        Span<double> white = _d <= 64 ? stackalloc double[_d] : new double[_d];
        CholeskyFactor.Solve(_factor, z, _zero, white);
        double[] terms = new double[_logWeights.Length];
        for (int j = 0; j < terms.Length; j++)
        {
            terms[j] = _logWeights[j] - (0.5 * SquaredDistance(white, j) / (_width * _width));
        }

        return SpecialFunctions.LogSumExp(terms) + _logUnit - (_d * Math.Log(_width));
    }

    private double SquaredDistance(ReadOnlySpan<double> white, int j)
    {
        double squares = 0;
        for (int k = 0; k < _d; k++)
        {
            double difference = white[k] - _white[(j * _d) + k];
            squares += difference * difference;
        }

        return squares;
    }

    // Each left-out point with the weight it has; the others' weights sum to 1 less its own.
    private (double Width, double Score) BestWidth(double[] weights)
    {
        int n = weights.Length, step = Math.Max(1, n / MostLeftOut);
        int[] left = [.. Enumerable.Range(0, (n + step - 1) / step).Select(i => i * step)];
        double[][] scores = new double[left.Length][];
        Parallel.For(0, left.Length, l =>
        {
            int i = left[l];
            double[] squares = new double[n], terms = new double[n];
            for (int j = 0; j < n; j++)
            {
                squares[j] = SquaredDistance(_white.AsSpan(i * _d, _d), j);
            }

            scores[l] = [.. Widths.Select(width =>
            {
                for (int j = 0; j < n; j++)
                {
                    terms[j] = j == i ? double.NegativeInfinity : _logWeights[j] - (0.5 * squares[j] / (width * width));
                }

                return SpecialFunctions.LogSumExp(terms) - Math.Log(1 - weights[i]) + _logUnit - (_d * Math.Log(width));
            })];
        });
        double[] total = [.. Widths.Select((_, w) => left.Select((i, l) => weights[i] * scores[l][w]).Sum() / left.Sum(i => weights[i]))];
        int best = Array.IndexOf(total, total.Max());
        return (Widths[Math.Max(0, best)], total[Math.Max(0, best)]);
    }

    private double[] NeighbourCovariance(double[][] points, double[] weights)
    {
        int n = points.Length, neighbours = Math.Min(n - 1, Math.Max(_d + 1, (int)Math.Ceiling(Math.Sqrt(n))));
        double[][] own = new double[n][];
        Parallel.For(0, n, i =>
        {
            double[] distances = new double[n], sum = new double[_d * _d];
            int[] order = [.. Enumerable.Range(0, n)];
            for (int j = 0; j < n; j++)
            {
                distances[j] = j == i ? double.PositiveInfinity : SquaredDistance(_white.AsSpan(i * _d, _d), j);
            }

            Array.Sort(distances, order);
            double total = 0;
            for (int l = 0; l < neighbours; l++)
            {
                total += weights[order[l]];
            }

            for (int l = 0; l < neighbours; l++)
            {
                for (int k = 0; k < sum.Length; k++)
                {
                    sum[k] += weights[order[l]] / total * (points[order[l]][k / _d] - points[i][k / _d]) * (points[order[l]][k % _d] - points[i][k % _d]);
                }
            }

            own[i] = sum;
        });
        double[] mean = new double[_d * _d];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < mean.Length; k++)
            {
                mean[k] += weights[i] * own[i][k];
            }
        }

        return mean;
    }
}
