namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Velocity or force, of momenta or positions.</summary>
/// <param name="into">Overwritten, or replaced by another.</param>
internal delegate void StateMap<TState>(ref TState? into, TState x);

/// <summary>Takes symplectic steps over states of any kind.</summary>
internal sealed class SymplecticLoop<TState>(
    IStateSpace<TState> space, StateMap<TState> velocity, StateMap<TState> force, SymplecticOptions options, Action<TState, TState> output, CancellationToken cancel)
    where TState : class
{
    private TState? _q, _p, _force, _nextQ, _nextP, _nextForce, _half, _velocity, _endVelocity, _insideQ, _insideP;
    private int _steps, _evaluations;

    /// <param name="q">Overwritten where states are written in place; so are the others.</param>
    /// <param name="slope">The force there, if it is known.</param>
    public OdeOutcome Run(TState q, TState p, TState? slope, ReadOnlySpan<double> times)
    {
        (_q, _p, _force) = (q, p, slope);
        _evaluations = slope is null ? 0 : 1;
        if (slope is null)
        {
            Force(ref _force, q);
        }

        double start = times[0], end = times[^1], t = start;
        double count = Math.Max(1, Math.Ceiling((Math.Abs(end - start) / options.Step) - 1e-9)), h = (end - start) / count;
        double[] lengths = options.Lengths();
        output(q, p);
        int reached = 1;
        if (!space.IsFinite(q) || !space.IsFinite(p) || !space.IsFinite(_force!))
        {
            return Outcome(OdeStop.NotFinite, reached, t);
        }

        while (reached < times.Length)
        {
            cancel.ThrowIfCancellationRequested();
            if (_steps == options.MaxSteps)
            {
                return Outcome(OdeStop.MaxSteps, reached, t);
            }

            space.OpenStep();
            double to = _steps + 1 == count ? end : start + ((_steps + 1) * h);
            TState fromQ = _q, fromP = _p, fromForce = _force!;
            foreach (double length in lengths)
            {
                Verlet(ref fromQ, ref fromP, ref fromForce, length * (to - t));
            }

            if (!space.IsFinite(_nextQ!) || !space.IsFinite(_nextP!))
            {
                space.CloseStep();
                return Outcome(OdeStop.NotFinite, reached, t);
            }

            _steps++;
            reached = GiveOut(t, to, times, reached);
            Advance();
            t = to;
        }

        return Outcome(OdeStop.Completed, reached, t);
    }

    private OdeOutcome Outcome(OdeStop reason, int reached, double t) => new(reason, reached, t, _steps, 0, _evaluations);

    private void Force(ref TState? into, TState q)
    {
        _evaluations++;
        force(ref into, q);
    }

    // From the given state to the next one, which may be the same memory.
    private void Verlet(ref TState q, ref TState p, ref TState f, double h)
    {
        space.Combine(ref _half, [1, h / 2], [p, f]);
        velocity(ref _velocity, _half!);
        space.Combine(ref _nextQ, [1, h], [q, _velocity]);
        Force(ref _nextForce, _nextQ!);
        space.Combine(ref _nextP, [1, h / 2], [_half, _nextForce]);
        (q, p, f) = (_nextQ!, _nextP!, _nextForce!);
    }

    private int GiveOut(double t, double to, ReadOnlySpan<double> times, int reached)
    {
        DenseStep<TState>? qs = null, ps = null;
        for (; reached < times.Length && DenseStep.Contains(t, to, times[reached]); reached++)
        {
            if (DenseStep.EndsAt(t, to, times[reached]))
            {
                space.Combine(ref _insideQ, [1], [_nextQ]);
                space.Combine(ref _insideP, [1], [_nextP]);
            }
            else
            {
                if (qs is null)
                {
                    velocity(ref _velocity, _p!);
                    velocity(ref _endVelocity, _nextP!);
                    qs = new DenseStep<TState>(t, to, [_q, _nextQ, _velocity, _endVelocity], null);
                    ps = new DenseStep<TState>(t, to, [_p, _nextP, _force, _nextForce], null);
                }

                qs.At(times[reached], space, ref _insideQ);
                ps!.At(times[reached], space, ref _insideP);
            }

            space.Keep(_insideQ!);
            space.Keep(_insideP!);
            output(_insideQ!, _insideP!);
        }

        return reached;
    }

    private void Advance()
    {
        space.Keep(_nextQ!);
        space.Keep(_nextP!);
        space.Keep(_nextForce!);
        (_q, _nextQ) = (_nextQ, _q);
        (_p, _nextP) = (_nextP, _p);
        (_force, _nextForce) = (_nextForce, _force);
        space.CloseStep();
        space.Drop(_nextQ!);
        space.Drop(_nextP!);
        space.Drop(_nextForce!);
    }
}
