using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Posteriors;

/// <summary>Brings chains from draws of the prior to the posterior, so that each mode has its share of them.</summary>
/// <remarks>
/// Many draws of the prior are weighted by a power of the likelihood and resampled to the chains (sampling-importance-resampling, Rubin 1988); if the full likelihood leaves too few of them effective, the power is as high as leaves
/// enough, the chains move at it, and are weighted and resampled again (Del Moral, Doucet, Jasra 2006, J. R. Statist. Soc. B 68, 411). The four populations are resampled apart.
/// </remarks>
internal sealed class AnnealedStarts
{
    private readonly PosteriorTarget _target;
    private readonly ChainPool _pool;
    private readonly SampledPosteriorOptions _options;
    private readonly Rng _rng;
    private readonly double[] _theta;

    public AnnealedStarts(PosteriorTarget target, ChainPool pool, SampledPosteriorOptions options, Rng rng)
    {
        (_target, _pool, _options, _rng, _theta) = (target, pool, options, rng, new double[target.Dimension]);
        States = [.. Enumerable.Range(0, target.Observations).Select(_ => new State())];
    }

    public State[] States { get; }

    public void Run()
    {
        for (int o = 0; o < States.Length; o++)
        {
            Begin(o);
        }

        while (Array.Exists(States, s => s.HasStart && s.Power < 1))
        {
            _pool.Move(_options.MovesOfStage(_target.Dimension));
            for (int o = 0; o < States.Length; o++)
            {
                if (States[o].HasStart && States[o].Power < 1)
                {
                    Continue(o);
                }
            }
        }
    }

    private void Begin(int o)
    {
        int d = _target.Dimension, count = _pool.Chains * _options.PriorDraws;
        double[] points = new double[count * d], logs = new double[count];
        _target.Draw(o, points, logs, _rng.Split("prior").Split(o));
        States[o].PriorDraws = count;
        States[o].ZeroStarts = logs.Count(double.IsNegativeInfinity);
        States[o].HasStart = States[o].ZeroStarts < count;
        int perPopulation = count / ChainPool.Populations;
        Advance(o, points, logs, i => i / perPopulation);
    }

    private void Continue(int o)
    {
        int d = _target.Dimension;
        double[] points = new double[_pool.Chains * d], logs = new double[_pool.Chains];
        for (int c = 0; c < logs.Length; c++)
        {
            // The density that chains carry is log prior + power × log-likelihood.
            Span<double> point = _pool.Point(o, c);
            point.CopyTo(points.AsSpan(c * d));
            logs[c] = (_pool.LogDensity(o, c) - _target.LogPrior(point, _theta)) / States[o].Power;
        }

        Advance(o, points, logs, _pool.PopulationOf);
    }

    // To the next power, by weights and resampling within each population.
    private void Advance(int o, double[] points, double[] logs, Func<int, int> populationOf)
    {
        State state = States[o];
        double before = state.Power, next = !state.HasStart ? 0 : state.Stages + 1 >= _options.MaxStages ? 1 : NextPower(before, logs, _options.EssShare * _pool.Chains);
        double[] logWeights = [.. logs.Select(l => next > before ? (next - before) * l : 0)];
        var all = ImportanceWeights.FromLog(logWeights);
        state.Stages++;
        state.Power = next;
        state.LogEvidence += all.LogEvidence;
        state.Effective = Math.Min(state.Effective, all.EffectiveSampleSize);
        state.IsExhausted |= state.Stages >= _options.MaxStages && all.EffectiveSampleSize < _options.EssShare * _pool.Chains / 10;
        _pool.Powers[o] = next;
        int d = _target.Dimension, perPopulation = _pool.Chains / ChainPool.Populations;
        Rng stream = _rng.Split("resampling").Split(o).Split(state.Stages);
        for (int p = 0; p < ChainPool.Populations; p++)
        {
            // A population without any weight takes from all.
            int[] members = [.. Enumerable.Range(0, logs.Length).Where(i => populationOf(i) == p)];
            var own = ImportanceWeights.FromLog([.. members.Select(i => logWeights[i])]);
            int[] chosen = own.IsEmpty ? all.Resample(perPopulation, stream.Split(p)) : [.. own.Resample(perPopulation, stream.Split(p)).Select(i => members[i])];

            // Shuffled, since copies stand together and are to be shared out to the halves.
            stream.Split(p).Split("order").Shuffle<int>(chosen);
            int[] places = [.. Enumerable.Range(0, _pool.Chains).Where(c => _pool.PopulationOf(c) == p)];
            for (int i = 0; i < chosen.Length; i++)
            {
                ReadOnlySpan<double> point = points.AsSpan(chosen[i] * d, d);
                point.CopyTo(_pool.Point(o, places[i]));
                _pool.LogDensity(o, places[i]) = _target.LogPrior(point, _theta) + (next > 0 ? next * logs[chosen[i]] : 0);
            }
        }
    }

    // The largest next power whose weights are worth as many draws as wanted; at least a shortest step, where a single point towers above all.
    private static double NextPower(double power, double[] logs, double wanted)
    {
        double[] finite = [.. logs.Where(double.IsFinite)];
        double high = finite.Max(), enough = Math.Min(wanted, 0.9 * finite.Length);
        if (Effective(1 - power) >= enough)
        {
            return 1;
        }

        double low = 0, above = 1 - power;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + above) / 2;
            (low, above) = Effective(middle) >= enough ? (middle, above) : (low, middle);
        }

        return Math.Min(1, Math.Max(power + above, power == 0 ? double.Epsilon * 1e16 : Math.BitIncrement(power)));

        double Effective(double step)
        {
            double sum = 0, squares = 0;
            foreach (double log in finite)
            {
                double weight = Math.Exp(step * (log - high));
                sum += weight;
                squares += weight * weight;
            }

            return sum * sum / squares;
        }
    }

    internal sealed class State
    {
        public bool HasStart { get; set; }

        public bool IsExhausted { get; set; }

        public double Power { get; set; }

        public int Stages { get; set; }

        public int PriorDraws { get; set; }

        public int ZeroStarts { get; set; }

        public double LogEvidence { get; set; }

        public double Effective { get; set; } = double.PositiveInfinity;
    }
}
