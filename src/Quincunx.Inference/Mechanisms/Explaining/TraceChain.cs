using Quincunx.Inference.Mechanisms.Laws;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Metropolis-Hastings on the traces of a mechanism, one or two choices at a time, with a changing number of choices.</summary>
/// <remarks>
/// <para>
/// Wingate, Stuhlmüller and Goodman 2011, AISTATS 15, 770. A step picks one of the n latent choices of the trace z, changes it, and runs the mechanism again:
/// choices at sites that z has keep their values, with the densities they now have; those at new sites are drawn from their laws (fresh); those at sites that are no
/// longer visited are gone (stale). The step is accepted with probability
/// </para>
/// <code>min(1, p(x, z') / p(x, z) · n / n' · k(z' to z) / k(z to z') · Π over stale p(z_i | law in z) / Π over fresh p(z'_i | law in z'))</code>
/// <para>
/// where k is the density of the change and n' counts the choices of z': the reverse step picks the changed choice among n', draws the stale choices and loses the
/// fresh ones. Here every change leaves the law of its choice invariant and reversible: a draw from the law, or <c>e' = √(1 - s²) e + s ξ</c> in the standard normal
/// noise e of the choice, ξ standard normal (Neal 1998; Cotter et al. 2013, arXiv:1202.0709), which also holds for counts, whose noise is drawn from the interval
/// that gives them. So the changed choice's own density cancels against k, the fresh and stale densities against those in p, and what remains is
/// </para>
/// <code>min(1, L' / L · n / n' · Π over kept p(z_i | law in z') / p(z_i | law in z))</code>
/// <para>
/// with the likelihood L of what was seen. A kept value that its new law cannot give makes the product 0. For a change of two choices, picked with probability b /
/// (n (n - 1) / 2) each pair, both are drawn from their laws, and the step is rejected where the second is no longer visited, since the reverse step could not pick
/// it.
/// </para>
/// </remarks>
internal sealed class TraceChain
{
    private readonly TraceMetropolisOptions _options;
    private ObservedEvent _state, _proposal;
    private long[] _usedAt = [];
    private long _run;
    private int _first = -1, _second = -1, _moved;
    private double _logRatio;

    public TraceChain(Func<ObservedEvent> newEvent, TraceMetropolisOptions options) => (_state, _proposal, _options) = (newEvent(), newEvent(), options);

    /// <summary>The event the chain is at.</summary>
    public ObservedEvent State => _state;

    public long Steps { get; private set; }

    public long Accepted { get; private set; }

    /// <summary>Proposals whose density was not a number.</summary>
    public long Invalid { get; private set; }

    /// <summary>Draws events until one has positive density.</summary>
    /// <returns>The events it took, or -1 where none of the options' number has.</returns>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice.</exception>
    public int Start(Rng rng)
    {
        for (int attempt = 1; attempt <= _options.StartAttempts; attempt++)
        {
            var trace = new WeighingTrace(_state, rng);
            _state.Run(ref trace);
            if (double.IsFinite(_state.LogLikelihood))
            {
                // Refuses sites that are used twice.
                _ = _state.Places;
                return attempt;
            }
        }

        return -1;
    }

    /// <summary>Proposes a change and accepts or rejects it.</summary>
    public bool Step(Rng rng)
    {
        Steps++;
        int n = _state.LatentCount;
        if (n == 0)
        {
            return false;
        }

        bool isPair = n > 1 && rng.NextDouble() < _options.PairShare;
        int first = rng.NextInt32(n), second = isPair ? rng.NextInt32(n - 1) : -1;
        second += second >= first && isPair ? 1 : 0;
        (_first, _second) = PlacesOf(first, second);
        Propose(rng);
        if (_moved < (isPair ? 2 : 1) || double.IsNegativeInfinity(_logRatio))
        {
            return false;
        }

        double log = _logRatio + _proposal.LogLikelihood - _state.LogLikelihood + LogPick(_proposal.LatentCount, isPair) - LogPick(n, isPair);
        Invalid += double.IsNaN(log) ? 1 : 0;
        if (!(Math.Log(rng.NextOpenDouble()) < log))
        {
            return false;
        }

        Accepted++;
        (_state, _proposal) = (_proposal, _state);
        return true;
    }

    /// <summary>A choice of the run that is being proposed.</summary>
    public double Draw<TLaw>(Site site, TLaw law, Rng rng)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        if (_proposal.IsSeen(site, out double seen))
        {
            return _proposal.AddSeen(site, law, seen);
        }

        int at = Find(site);
        if (at < 0 || _state.Entries[at].Kind != TraceEntry.KindOf<TLaw>())
        {
            return Fresh(site, law, rng);
        }

        ref readonly TraceEntry old = ref _state.Entries[at];
        if (at == _first || at == _second)
        {
            _moved++;
            double changed = _second < 0 && CanWalk<TLaw>() && rng.NextDouble() < _options.WalkShare ? Walk(law, old.Value, rng) : law.Sample(rng);
            double density = law.LogProb(changed);
            if (double.IsFinite(density))
            {
                return _proposal.AddLatent<TLaw>(site, changed, density);
            }
        }
        else
        {
            double logProb = law.LogProb(old.Value);
            if (double.IsFinite(logProb))
            {
                _logRatio += logProb - old.LogProb;
                return _proposal.AddLatent<TLaw>(site, old.Value, logProb);
            }
        }

        // The proposal is lost, but the mechanism must run to its end on values that it can meet.
        _logRatio = double.NegativeInfinity;
        return Fresh(site, law, rng);
    }

    /// <summary>A computed quantity of the run that is being proposed.</summary>
    public double Let(Site site, double value) => _proposal.AddComputed(site, value);

    // Labels have no order, so a step in their noise is no step to a neighbour.
    private static bool CanWalk<TLaw>()
        where TLaw : struct, ILaw<double>, allows ref struct => typeof(TLaw) != typeof(BernoulliLaw<double>) && typeof(TLaw) != typeof(CategoricalLaw<double>);

    // Steps of all sizes, since none suits every posterior: s is log-uniform from 0.01 to 1.
    private static double Walk<TLaw>(TLaw law, double value, Rng rng)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        double s = Math.Pow(10, -2 * rng.NextDouble());
        return law.FromNoise((Math.Sqrt(1 - (s * s)) * law.ToNoise(value, rng)) + (s * rng.NextNormal()));
    }

    private double Fresh<TLaw>(Site site, TLaw law, Rng rng)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        double value = law.Sample(rng);
        return _proposal.AddLatent<TLaw>(site, value, law.LogProb(value));
    }

    private void Propose(Rng rng)
    {
        if (_usedAt.Length < _state.Count)
        {
            _usedAt = new long[2 * _state.Count];
        }

        (_run, _moved, _logRatio) = (_run + 1, 0, 0);
        var trace = new MovingTrace(this, rng);
        _proposal.Run(ref trace);
    }

    // log of the probability that a step picks given choices among n.
    private double LogPick(int n, bool isPair) => isPair
        ? n > 1 ? Math.Log(_options.PairShare * 2 / (n * (n - 1.0))) : double.NegativeInfinity
        : Math.Log((n > 1 ? 1 - _options.PairShare : 1) / n);

    // Where the latent choices of two numbers stand among all lines.
    private (int First, int Second) PlacesOf(int first, int second)
    {
        (int atFirst, int atSecond) = (-1, -1);
        for (int i = 0, latent = 0; i < _state.Count; i++)
        {
            if (_state.IsLatent(i))
            {
                atFirst = latent == first ? i : atFirst;
                atSecond = latent == second ? i : atSecond;
                latent++;
            }
        }

        return (atFirst, atSecond);
    }

    // The line of a latent site in the state, -1 where there is none. Programs mostly repeat themselves, so the line of the same number is looked at first.
    private int Find(Site site)
    {
        int at = _proposal.Count;
        if (!(at < _state.Count && _state.Entries[at].Site == site))
        {
            at = _state.Places.TryGetValue(site, out int place) ? place : -1;
        }

        if (at < 0 || !_state.IsLatent(at))
        {
            return -1;
        }

        if (_usedAt[at] == _run)
        {
            throw new InvalidOperationException($"The mechanism uses the site {site} twice in one event; give it an index.");
        }

        _usedAt[at] = _run;
        return at;
    }
}
