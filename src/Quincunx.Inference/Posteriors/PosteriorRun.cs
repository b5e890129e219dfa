using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Posteriors;

/// <summary>One batch of observations, from the prior to draws and reports.</summary>
internal sealed class PosteriorRun
{
    // Hamiltonian chains forget where they were, products of coordinates last: in fifty dimensions three transitions leave an eighth of their correlation. Fewer chains adapt on more of their own past.
    private const int HamiltonianChains = 96, HamiltonianThinning = 3, DrawsForEss = 4;

    private readonly ILikelihoodEstimator _likelihood;
    private readonly SupportBijection _bijection;
    private readonly SampledPosteriorOptions _options;
    private readonly IDistribution _prior;
    private readonly double[] _xs;
    private readonly PosteriorTarget _target;
    private readonly CancellationToken _cancel;
    private readonly int _d, _k, _chains, _count, _observations;

    public PosteriorRun(
        IDistribution prior, SupportBijection bijection, ILikelihoodEstimator likelihood, SampledPosteriorOptions options, double[] xs, int chains, int count, CancellationToken cancel)
    {
        (_prior, _bijection, _likelihood, _options, _xs, _count, _cancel) = (prior, bijection, likelihood, options, xs, count, cancel);
        (_d, _k) = (likelihood.Dimension, likelihood.Features);
        _observations = xs.Length / _k;
        _chains = options.Sampler is PosteriorSampler.Nuts or PosteriorSampler.Hamiltonian ? Math.Min(chains, HamiltonianChains) : chains;
        _target = new PosteriorTarget(prior, bijection, likelihood, xs, cancel);
    }

    public List<SamplingReport> Draw(Span<double> thetas, Rng rng)
    {
        if (_options.Sampler == PosteriorSampler.ImportanceResampling)
        {
            return Resampled(thetas, rng);
        }

        var pool = new ChainPool(_target, _chains, rng.Split("chains"));
        var starts = new AnnealedStarts(_target, pool, _options, rng.Split("starts"));
        starts.Run();
        return _options.Sampler == PosteriorSampler.Slice ? Sliced(thetas, pool, starts) : Hamiltonian(thetas, pool, starts, rng.Split("hamiltonian"));
    }

    private List<SamplingReport> Sliced(Span<double> thetas, ChainPool pool, AnnealedStarts starts)
    {
        int perChain = (_count + _chains - 1) / _chains;
        for (int i = 0; i < perChain; i++)
        {
            pool.Move(_options.MovesOfDraw(_d));
            for (int o = 0; o < _observations; o++)
            {
                for (int c = 0; c < _chains && (i * _chains) + c < _count; c++)
                {
                    Write(pool.Point(o, c), o, (i * _chains) + c, starts.States[o].HasStart, thetas);
                }
            }
        }

        List<SamplingReport> reports = [];
        for (int o = 0; o < _observations; o++)
        {
            AnnealedStarts.State state = starts.States[o];
            ReadOnlySpan<double> own = thetas.Slice(o * _count * _d, _count * _d);
            reports.Add(Report(state, perChain, StopOf(state), state.HasStart ? RHat(own, pool.PopulationOf) : double.NaN, state.HasStart ? Ess(own, perChain) : double.NaN));
        }

        return reports;
    }

    // A metric is learned from the chains of one target, so each observation is a run of its own.
    private List<SamplingReport> Hamiltonian(Span<double> thetas, ChainPool pool, AnnealedStarts starts, Rng rng)
    {
        List<SamplingReport> reports = [];
        int perChain = (_count + _chains - 1) / _chains, thinning = _options.Thinning > 0 ? _options.Thinning : HamiltonianThinning;
        for (int o = 0; o < _observations; o++)
        {
            AnnealedStarts.State state = starts.States[o];
            Span<double> own = thetas.Slice(o * _count * _d, _count * _d);
            own.Fill(double.NaN);
            if (!state.HasStart)
            {
                reports.Add(Report(state, perChain, SamplerStop.NoFiniteStart, double.NaN, double.NaN));
                continue;
            }

            double[] start = new double[_chains * _d];
            for (int c = 0; c < _chains; c++)
            {
                pool.Point(o, c).CopyTo(start.AsSpan(c * _d));
            }

            var target = new ObservedTarget(_prior, _likelihood, _xs.AsSpan(o * _k, _k));
            var unconstrained = new UnconstrainedGradientTarget(target, _bijection);
            NutsOptions common = _options.Hamiltonian with { Draws = perChain, Thinning = thinning };
            ChainResult result = _options.Sampler == PosteriorSampler.Nuts
                ? Nuts.Run(unconstrained, start, rng.Split(o), common, cancel: _cancel)
                : HamiltonianMonteCarlo.Run(
                    unconstrained, start, rng.Split(o),
                    new HmcOptions { Warmup = common.Warmup, Draws = perChain, Thinning = thinning, TargetAcceptance = common.TargetAcceptance, Metric = common.Metric, StepSize = common.StepSize }, cancel: _cancel);
            for (int i = 0; i < _count && result.Draws > 0; i++)
            {
                _bijection.ToConstrained(result.Point(i % _chains, i / _chains), own.Slice(i * _d, _d));
            }

            bool hasDraws = result.Draws > 0;
            SamplingReport report = Report(
                state, perChain, result.StopReason == SamplerStop.Completed ? StopOf(state) : result.StopReason,
                hasDraws ? RHat(own, pool.PopulationOf) : double.NaN, hasDraws ? Ess(own, perChain) : double.NaN);
            reports.Add(report with
            {
                Acceptance = result.Acceptance.Average(),
                Divergences = result.Divergences,
                Evaluations = report.Evaluations + result.DensityEvaluations + result.GradientEvaluations + result.WarmupDensities + result.WarmupGradients,
                Invalid = report.Invalid + result.Invalid,
            });
        }

        return reports;
    }

    private List<SamplingReport> Resampled(Span<double> thetas, Rng rng)
    {
        List<SamplingReport> reports = [];
        int draws = _count * _options.PriorDraws;
        double[] points = new double[draws * _d], logs = new double[draws];
        for (int o = 0; o < _observations; o++)
        {
            _target.Draw(o, points, logs, rng.Split("prior").Split(o));
            var weights = ImportanceWeights.FromLog(logs);
            int[] chosen = weights.IsEmpty ? new int[_count] : weights.Resample(_count, rng.Split("resampling").Split(o));
            rng.Split("order").Split(o).Shuffle<int>(chosen);
            for (int i = 0; i < _count; i++)
            {
                Write(points.AsSpan(chosen[i] * _d, _d), o, i, !weights.IsEmpty, thetas);
            }

            var state = new AnnealedStarts.State
            {
                HasStart = !weights.IsEmpty,
                Power = 1,
                Stages = 1,
                PriorDraws = draws,
                ZeroStarts = logs.Count(double.IsNegativeInfinity),
                LogEvidence = weights.LogEvidence,
                Effective = weights.EffectiveSampleSize,
            };
            reports.Add(Report(state, 1, StopOf(state), double.NaN, weights.IsEmpty ? double.NaN : Math.Min(weights.EffectiveSampleSize, _count)) with { Chains = _count });
        }

        return reports;
    }

    private void Write(ReadOnlySpan<double> point, int observation, int draw, bool isDraw, Span<double> thetas)
    {
        Span<double> theta = thetas.Slice(((observation * _count) + draw) * _d, _d);
        if (isDraw)
        {
            _bijection.ToConstrained(point, theta);
        }
        else
        {
            theta.Fill(double.NaN);
        }
    }

    private static SamplerStop StopOf(AnnealedStarts.State state) =>
        !state.HasStart ? SamplerStop.NoFiniteStart : state.IsExhausted ? SamplerStop.BudgetExhausted : SamplerStop.Completed;

    private SamplingReport Report(AnnealedStarts.State state, int perChain, SamplerStop stop, double rHat, double ess) => new()
    {
        StopReason = stop,
        Chains = _chains,
        DrawsPerChain = perChain,
        Stages = state.Stages,
        PriorDraws = state.PriorDraws,
        ZeroStarts = state.ZeroStarts,
        EffectiveStarts = state.HasStart ? state.Effective : 0,
        LogEvidence = state.HasStart ? state.LogEvidence : double.NegativeInfinity,
        RHat = rHat,
        Ess = ess,
        Evaluations = _target.Evaluations / _observations,
        Invalid = _target.Invalid,
    };

    // Of the draws [count, d] of one observation, draw i of chain i mod chains.
    private double RHat(ReadOnlySpan<double> draws, Func<int, int> populationOf)
    {
        int count = draws.Length / _d;
        double largest = double.NaN;
        for (int j = 0; j < _d && count >= _chains; j++)
        {
            double[] sums = new double[ChainPool.Populations], squares = new double[ChainPool.Populations];
            int[] sizes = new int[ChainPool.Populations];
            for (int i = 0; i < count; i++)
            {
                int p = populationOf(i % _chains);
                double value = draws[(i * _d) + j] - draws[j];
                (sums[p], squares[p], sizes[p]) = (sums[p] + value, squares[p] + (value * value), sizes[p] + 1);
            }

            double mean = sums.Select((s, p) => s / sizes[p]).Average(), between = 0, within = 0;
            for (int p = 0; p < sums.Length; p++)
            {
                double own = sums[p] / sizes[p];
                between += (own - mean) * (own - mean) / (sums.Length - 1);
                within += ((squares[p] / sizes[p]) - (own * own)) / sums.Length;
            }

            double rHat = within > 0 ? Math.Sqrt(1 + (between / within)) : double.PositiveInfinity;
            largest = double.IsNaN(largest) ? rHat : Math.Max(largest, rHat);
        }

        return largest;
    }

    private double Ess(ReadOnlySpan<double> draws, int perChain)
    {
        int whole = draws.Length / _d / _chains;
        if (whole < DrawsForEss || perChain < DrawsForEss)
        {
            return double.NaN;
        }

        double least = double.PositiveInfinity;
        for (int j = 0; j < _d; j++)
        {
            double[][] series = new double[_chains][];
            for (int c = 0; c < _chains; c++)
            {
                series[c] = new double[whole];
                for (int i = 0; i < whole; i++)
                {
                    series[c][i] = draws[(((i * _chains) + c) * _d) + j];
                }
            }

            least = Math.Min(least, EffectiveDraws.Bulk(series));
        }

        return least;
    }
}
