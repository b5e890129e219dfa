using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Particles from the prior to the posterior along powers of the likelihood: weighted, resampled and moved, with the evidence as the product of the mean weights.</summary>
/// <remarks>
/// Del Moral, Doucet, Jasra 2006, J. R. Statist. Soc. B 68, 411. Powers are as far apart as the effective share of the weights allows; moves are random-walk Metropolis with the covariance of the particles, as many as it takes for them to forget
/// where they were. Modes keep their shares as long as the prior's draws find them all.
/// </remarks>
public static class SequentialMonteCarlo
{
    private const int MaxStages = 1_000, MovesBetweenLooks = 5;

    /// <param name="logLikelihood">In the prior's coordinates, with its constants where the evidence matters.</param>
    /// <param name="prior">Normalised, continuous.</param>
    /// <param name="rng">Split, not advanced: the result is a function of the stream.</param>
    /// <exception cref="ArgumentException">An option is not as said, a coordinate is discrete, or the dimensions differ.</exception>
    public static SmcResult Run(
        ITarget logLikelihood, IDistribution prior, Rng rng, SmcOptions? options = null, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        SmcOptions o = (options ?? new SmcOptions()).Checked();
        var target = new PriorTarget(logLikelihood, prior, cancel);
        int n = o.Particles, d = target.Dimension;
        Rng[] streams = [.. Enumerable.Range(0, n).Select(i => rng.Split("particle").Split(i))];
        double[] points = new double[n * d], logPriors = new double[n], logLikelihoods = new double[n];
        for (int i = 0; i < n; i++)
        {
            target.Draw(points.AsSpan(i * d, d), streams[i]);
        }

        target.Evaluate(points, logPriors, logLikelihoods);
        List<SmcStage> stages = [];
        double power = 0, logEvidence = 0, variance = 0;
        if (!Array.Exists(logLikelihoods, double.IsFinite))
        {
            return new SmcResult(SamplerStop.NoFiniteStart, default, default, double.NegativeInfinity, double.NaN, stages, target.Counted.Evaluations, target.Counted.Invalid);
        }

        var particles = new Particles(target, points, logPriors, logLikelihoods, streams);
        SamplerStop stop = SamplerStop.Completed;
        while (power < 1)
        {
            if (stages.Count == MaxStages || target.Counted.Evaluations >= o.MaxEvaluations)
            {
                stop = SamplerStop.BudgetExhausted;
                break;
            }

            double next = NextPower(power, particles.LogLikelihoods, o.EssShare);
            double step = next - power;
            var weights = ImportanceWeights.FromLog([.. particles.LogLikelihoods.Select(l => double.IsFinite(l) ? step * l : double.NegativeInfinity)]);
            logEvidence += weights.LogEvidence;
            variance += weights.LogEvidenceError * weights.LogEvidenceError;
            particles.Take(weights.Resample(n, rng.Split("resampling").Split(stages.Count)));
            power = next;
            stages.Add(particles.Move(power, weights.EffectiveSampleSize, o));
            progress?.Report(new SamplerProgress(stages.Count, 0, target.Counted.Evaluations, logEvidence));
        }

        double[] thetas = new double[points.Length];
        target.Bijection.ToConstrained(particles.Points, thetas);
        return new SmcResult(stop, thetas, particles.LogLikelihoods, logEvidence, Math.Sqrt(variance), stages, target.Counted.Evaluations, target.Counted.Invalid);
    }

    // The largest next power at which the weights are worth the wanted share of the particles that have any weight.
    private static double NextPower(double power, double[] logLikelihoods, double share)
    {
        double[] finite = [.. logLikelihoods.Where(double.IsFinite)];
        double wanted = share * finite.Length, high = finite.Max();
        if (Effective(1 - power) >= wanted)
        {
            return 1;
        }

        double low = 0, above = 1 - power;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + above) / 2;
            (low, above) = Effective(middle) >= wanted ? (middle, above) : (low, middle);
        }

        // Where a single particle towers above all others no step is short enough; the shortest that is one is taken.
        return Math.Max(power + above, Math.BitIncrement(power));

        double Effective(double step)
        {
            double sum = 0, squares = 0;
            foreach (double log in finite)
            {
                double w = Math.Exp(step * (log - high));
                sum += w;
                squares += w * w;
            }

            return sum * sum / squares;
        }
    }

    private sealed class Particles(PriorTarget target, double[] points, double[] logPriors, double[] logLikelihoods, Rng[] streams)
    {
        private readonly int _d = target.Dimension;
        private double[] _logPriors = logPriors;
        private readonly double[] _proposals = new double[points.Length], _priors = new double[streams.Length], _likelihoods = new double[streams.Length];
        private readonly RandomWalk _walk = new([.. Enumerable.Repeat(1.0, target.Dimension)]);

        public double[] Points { get; } = points;

        public double[] LogLikelihoods { get; private set; } = logLikelihoods;

        public void Take(int[] chosen)
        {
            // Chosen indices ascend, but a row may be overwritten before it is read.
            double[] old = [.. Points];
            double[] likelihoods = [.. chosen.Select(i => LogLikelihoods[i])], priors = [.. chosen.Select(i => _logPriors[i])];
            for (int i = 0; i < chosen.Length; i++)
            {
                old.AsSpan(chosen[i] * _d, _d).CopyTo(Points.AsSpan(i * _d));
            }

            (LogLikelihoods, _logPriors) = (likelihoods, priors);
        }

        public SmcStage Move(double power, double effective, SmcOptions options)
        {
            var moments = new RunningMoments(_d, isDense: true);
            for (int i = 0; i < streams.Length; i++)
            {
                moments.Add(Points.AsSpan(i * _d, _d));
            }

            _walk.TakeShape(moments.Covariance());
            double[] before = [.. Points];
            double accepted = 0, correlation = 1;
            int moves = 0;
            while (moves < options.MaxMoves && correlation > options.Correlation)
            {
                for (int i = 0; i < MovesBetweenLooks && moves < options.MaxMoves; i++, moves++)
                {
                    double share = Step(power);
                    _walk.TakeAcceptance(share);
                    accepted += share;
                }

                correlation = Correlation(before);
            }

            return new SmcStage(power, effective, moves, accepted / moves, correlation);
        }

        private double Step(double power)
        {
            int n = streams.Length, accepted = 0;
            for (int i = 0; i < n; i++)
            {
                _walk.Propose(Points.AsSpan(i * _d, _d), _proposals.AsSpan(i * _d, _d), streams[i]);
            }

            target.Evaluate(_proposals, _priors, _likelihoods);
            for (int i = 0; i < n; i++)
            {
                double change = _priors[i] - _logPriors[i] + (power * (_likelihoods[i] - LogLikelihoods[i]));
                if (-streams[i].NextExponential() < change)
                {
                    _proposals.AsSpan(i * _d, _d).CopyTo(Points.AsSpan(i * _d));
                    (_logPriors[i], LogLikelihoods[i]) = (_priors[i], _likelihoods[i]);
                    accepted++;
                }
            }

            return (double)accepted / n;
        }

        private double Correlation(double[] before)
        {
            double largest = -1;
            for (int j = 0; j < _d; j++)
            {
                int n = streams.Length;
                double mean = 0, meanBefore = 0, both = 0, square = 0, squareBefore = 0;
                for (int i = 0; i < n; i++)
                {
                    mean += Points[(i * _d) + j] / n;
                    meanBefore += before[(i * _d) + j] / n;
                }

                for (int i = 0; i < n; i++)
                {
                    double a = Points[(i * _d) + j] - mean, b = before[(i * _d) + j] - meanBefore;
                    both += a * b;
                    square += a * a;
                    squareBefore += b * b;
                }

                largest = Math.Max(largest, square > 0 && squareBefore > 0 ? both / Math.Sqrt(square * squareBefore) : 1);
            }

            return largest;
        }
    }
}
