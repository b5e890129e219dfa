using Quincunx.Inference.Distributions;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Samplers;

/// <summary>Nested sampling: the prior is peeled from outside in, shells of rising likelihood at a time, and the evidence is the sum over the shells.</summary>
/// <remarks>
/// Skilling 2006, Bayesian Analysis 1, 833. New points are copies of live ones after slice moves within the shell along random directions of the live points' covariance (Handley, Hobson, Lasenby 2015, arXiv:1506.00171). A tenth of the points
/// are replaced at once; the shells between them are counted one by one. Modes die out by chance where few live points are in one, so take more of these for small modes.
/// </remarks>
public static class NestedSampling
{
    private const int MaxWidths = 10, VolumeDraws = 200;

    /// <inheritdoc cref="SequentialMonteCarlo.Run"/>
    public static NestedResult Run(
        ITarget logLikelihood, IDistribution prior, Rng rng, NestedOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        NestedOptions o = (options ?? new NestedOptions()).Checked();
        var target = new PriorTarget(logLikelihood, prior, cancel);
        int n = o.LivePoints, d = target.Dimension;
        Rng[] streams = [.. Enumerable.Range(0, n).Select(i => rng.Split("live").Split(i))];
        var live = new LivePoints(target, n, streams, o.Moves == 0 ? 5 * d : o.Moves);
        if (!live.Start(out double logPositive))
        {
            return new NestedResult(SamplerStop.NoFiniteStart, default, default, default, double.NegativeInfinity, double.NaN, double.NaN, target.Counted.Evaluations, target.Counted.Invalid);
        }

        // The prior beyond the points of likelihood 0 is what is peeled; its share of the whole is that of the draws that were positive.
        List<double> points = [], logLikelihoods = [];
        List<int> alive = [];
        double logVolume = logPositive, logEvidence = double.NegativeInfinity;
        SamplerStop stop = SamplerStop.Completed;
        Rng choices = rng.Split("choices");
        long iterations = 0;
        while (true)
        {
            int[] order = live.Order();
            double highest = live.LogLikelihoods[order[^1]], threshold = live.LogLikelihoods[order[Math.Max(0, (int)(o.ReplacedShare * n) - 1)]];
            bool isDone = highest + logVolume - SpecialFunctions.LogAddExp(logEvidence, highest + logVolume) < Math.Log(o.Remainder) || threshold == highest;
            if (!isDone && target.Counted.Evaluations >= o.MaxEvaluations)
            {
                (stop, isDone) = (SamplerStop.BudgetExhausted, true);
            }

            // Equal likelihoods go together: a copy of one of them could not rise.
            int removed = isDone ? n : order.Count(i => live.LogLikelihoods[i] <= threshold);
            for (int i = 0; i < removed; i++)
            {
                double shrinkage = -1.0 / (n - i);
                logEvidence = SpecialFunctions.LogAddExp(logEvidence, live.LogLikelihoods[order[i]] + logVolume + Math.Log(-SpecialFunctions.Expm1(shrinkage)));
                logVolume += shrinkage;
                points.AddRange(live.Point(order[i]));
                logLikelihoods.Add(live.LogLikelihoods[order[i]]);
                alive.Add(n - i);
            }

            progress?.Report(new SamplerProgress(++iterations, 0, target.Counted.Evaluations, logEvidence));
            if (isDone)
            {
                break;
            }

            live.Replace(order, removed, threshold, choices);
        }

        return Result(target, stop, [.. points], [.. logLikelihoods], [.. alive], n, logPositive, rng.Split("volumes"));
    }

    // Shells shrink by the largest of as many uniforms as points were alive: drawn again and again, they give the mean of the log-evidence and its error. So does the share of the prior with a positive likelihood.
    private static NestedResult Result(PriorTarget target, SamplerStop stop, double[] points, double[] logLikelihoods, int[] alive, int livePoints, double logPositive, Rng rng)
    {
        int n = logLikelihoods.Length;
        double[] logWeights = new double[n], draws = new double[VolumeDraws], terms = new double[n];
        for (int v = 0; v <= VolumeDraws; v++)
        {
            Rng own = rng.Split(v);
            double logVolume = logPositive + (v == VolumeDraws ? 0 : own.NextNormal() * Math.Sqrt(-SpecialFunctions.Expm1(logPositive) / livePoints));
            for (int i = 0; i < n; i++)
            {
                // The last point stands for all that is left.
                double shrinkage = v == VolumeDraws ? -1.0 / alive[i] : -own.NextExponential() / alive[i];
                terms[i] = logLikelihoods[i] + logVolume + (i == n - 1 ? 0 : Math.Log(-SpecialFunctions.Expm1(shrinkage)));
                logVolume += shrinkage;
            }

            if (v < VolumeDraws)
            {
                draws[v] = SpecialFunctions.LogSumExp(terms);
            }
            else
            {
                terms.CopyTo(logWeights, 0);
            }
        }

        double mean = draws.Average(), error = Math.Sqrt(draws.Sum(x => (x - mean) * (x - mean)) / (VolumeDraws - 1)), total = SpecialFunctions.LogSumExp(logWeights);
        double information = 0;
        for (int i = 0; i < n; i++)
        {
            information += Math.Exp(logWeights[i] - total) * (logLikelihoods[i] - total);
        }

        double[] thetas = new double[points.Length];
        target.Bijection.ToConstrained(points, thetas);
        return new NestedResult(stop, thetas, logLikelihoods, logWeights, mean, error, information, target.Counted.Evaluations, target.Counted.Invalid);
    }

    private sealed class LivePoints
    {
        private readonly PriorTarget _target;
        private readonly Rng[] _streams;
        private readonly int _n, _d, _moves;
        private readonly double[] _points, _logPriors, _prior, _likelihood, _noise;
        private double _width;

        public LivePoints(PriorTarget target, int count, Rng[] streams, int moves)
        {
            (_target, _n, _d, _streams, _moves) = (target, count, target.Dimension, streams, moves);
            (_points, _logPriors, LogLikelihoods) = (new double[_n * _d], new double[_n], new double[_n]);
            (_prior, _likelihood, _noise) = (new double[2 * _n], new double[2 * _n], new double[_d]);

            // About the chord of a ball of unit covariance.
            _width = Math.Sqrt(_d + 2);
        }

        public double[] LogLikelihoods { get; }

        public ReadOnlySpan<double> Point(int row) => _points.AsSpan(row * _d, _d);

        public bool Start(out double logPositive)
        {
            bool found = _target.DrawPositive(_points, _logPriors, LogLikelihoods, _streams, out long attempts);
            logPositive = Math.Log((double)_n / attempts);
            return found;
        }

        public int[] Order()
        {
            int[] order = [.. Enumerable.Range(0, _n)];
            Array.Sort([.. LogLikelihoods], order);
            return order;
        }

        public void Replace(int[] order, int removed, double threshold, Rng choices)
        {
            double[] factor = Shape();
            double[] points = new double[removed * _d], logPriors = new double[removed], directions = new double[removed * _d], latest = new double[removed];
            Rng[] streams = new Rng[removed];
            for (int i = 0; i < removed; i++)
            {
                int survivor = order[removed + choices.NextInt32(_n - removed)];
                Point(survivor).CopyTo(points.AsSpan(i * _d));
                (logPriors[i], latest[i], streams[i]) = (_logPriors[survivor], LogLikelihoods[survivor], _streams[order[i]]);
            }

            // The prior within the shell. The last candidate of a row that lies in it is the one that is taken, or the row stays.
            double[] best = [.. latest];
            var slice = new LineSlice(removed, _d, (rows, candidates, values) =>
            {
                _target.Evaluate(candidates, _prior.AsSpan(0, rows.Length), _likelihood.AsSpan(0, rows.Length));
                for (int i = 0; i < rows.Length; i++)
                {
                    latest[rows[i]] = _likelihood[i];
                    values[i] = _likelihood[i] > threshold ? _prior[i] : double.NegativeInfinity;
                }
            });
            double lengths = 0;
            for (int m = 0; m < _moves; m++)
            {
                Direct(factor, directions, streams);
                double[] before = [.. points];
                slice.Move(points, logPriors, directions, _width, MaxWidths, streams);
                for (int i = 0; i < removed; i++)
                {
                    bool hasMoved = !points.AsSpan(i * _d, _d).SequenceEqual(before.AsSpan(i * _d, _d));
                    best[i] = hasMoved ? latest[i] : best[i];
                    lengths += slice.Lengths[i] / removed / _moves;
                }
            }

            _width = lengths > 0 && double.IsFinite(lengths) ? lengths : _width;
            for (int i = 0; i < removed; i++)
            {
                points.AsSpan(i * _d, _d).CopyTo(_points.AsSpan(order[i] * _d));
                (_logPriors[order[i]], LogLikelihoods[order[i]]) = (logPriors[i], best[i]);
            }
        }

        private double[] Shape()
        {
            var moments = new RunningMoments(_d, isDense: true);
            for (int i = 0; i < _n; i++)
            {
                moments.Add(Point(i));
            }

            double[] covariance = moments.Covariance(), factor = new double[_d * _d];
            if (CholeskyFactor.Compute(covariance, _d, factor, tolerance: 1e-14) is null)
            {
                return factor;
            }

            // Points on a line or a plane: each coordinate by itself.
            Array.Clear(factor);
            for (int i = 0; i < _d; i++)
            {
                factor[(i * _d) + i] = Math.Max(Math.Sqrt(covariance[(i * _d) + i]), 1e-300);
            }

            return factor;
        }

        private void Direct(double[] factor, double[] directions, Rng[] streams)
        {
            for (int r = 0; r < streams.Length; r++)
            {
                streams[r].FillNormal(_noise);
                double norm = Math.Sqrt(Metric.Dot(_noise, _noise));
                for (int i = 0; i < _d; i++)
                {
                    directions[(r * _d) + i] = Metric.Dot(factor.AsSpan(i * _d, i + 1), _noise.AsSpan(0, i + 1)) / norm;
                }
            }
        }
    }
}
