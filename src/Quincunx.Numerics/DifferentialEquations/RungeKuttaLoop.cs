namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The slope of a state.</summary>
/// <param name="into">Overwritten, or replaced by another.</param>
internal delegate void StateField<TState>(ref TState? into, double t, TState y);

/// <summary>Takes Runge-Kutta steps, of any method and over states of any kind, and gives out the solution where it is asked for.</summary>
internal sealed class RungeKuttaLoop<TState>(
    IStateSpace<TState> space, StateField<TState> field, OdeOptions options, Action<TState> output, Action<DenseStep<TState>>? dense, CancellationToken cancel)
    where TState : class
{
    private readonly ButcherTableau _tableau = ButcherTableau.Of(options.Method);
    private readonly TState?[] _terms = new TState?[ButcherTableau.Of(options.Method).StageCount + 1];     // y, k₁, k₂, …
    private readonly double[] _weights = new double[ButcherTableau.Of(options.Method).StageCount + 1];
    private TState? _stage, _next, _nextSlope, _inside;
    private bool _hasNextSlope;
    private int _steps, _rejected, _evaluations;

    /// <param name="y">Overwritten where states are written in place.</param>
    /// <param name="slope">The slope there, if it is known; overwritten as well.</param>
    /// <param name="times">At least two, strictly rising or falling.</param>
    public OdeOutcome Run(TState y, TState? slope, ReadOnlySpan<double> times)
    {
        double t = times[0], end = times[^1], direction = Math.Sign(end - t);
        _terms[0] = y;
        output(y);
        int reached = 1;
        _terms[1] = slope;
        _evaluations = slope is null ? 0 : 1;
        if (slope is null)
        {
            Evaluate(ref _terms[1], t, y);
        }

        if (!space.IsFinite(y) || !space.IsFinite(_terms[1]!))
        {
            return Outcome(OdeStop.NotFinite, reached, t);
        }

        bool adapts = options.Step is null;
        double h = options.Step is double step ? UniformStep(end - t, step) : direction * Math.Min(FirstStep(t, direction), options.LargestStep);
        double start = t, planned = Math.Round((end - t) / h);
        var control = new StepControl(_tableau.Order);
        double error = 0;
        while (reached < times.Length)
        {
            cancel.ThrowIfCancellationRequested();
            if (_steps + _rejected == options.MaxSteps)
            {
                return Outcome(OdeStop.MaxSteps, reached, t);
            }

            double to = adapts ? t + h : _steps + 1 == planned ? end : start + ((_steps + 1) * h);
            if (adapts && (Math.Abs(end - t) <= 1.01 * Math.Abs(h)))
            {
                to = end;            // the last step is stretched a little, rather than leaving a tiny one
            }
            else if (adapts && Math.Abs(h) <= 16 * (Math.BitIncrement(Math.Abs(t)) - Math.Abs(t)))
            {
                return Outcome(double.IsFinite(error) ? OdeStop.StepUnderflow : OdeStop.NotFinite, reached, t);
            }

            space.OpenStep();
            double length = to - t;
            Step(t, length);
            error = adapts ? ErrorOf(length) : 0;
            if (!(error <= 1) || (!adapts && !space.IsFinite(_next!)))
            {
                space.CloseStep();
                if (!adapts)
                {
                    return Outcome(OdeStop.NotFinite, reached, t);
                }

                _rejected++;
                h = length * control.Reject(error);
                continue;
            }

            _steps++;
            reached = GiveOut(t, to, times, reached);
            Advance(to, reached < times.Length);
            h = adapts ? direction * Math.Min(Math.Abs(length) * control.Accept(error), options.LargestStep) : h;
            t = to;
        }

        return Outcome(OdeStop.Completed, reached, t);
    }

    private OdeOutcome Outcome(OdeStop reason, int reached, double t) => new(reason, reached, t, _steps, _rejected, _evaluations);

    // Equal steps, none longer than asked for but by rounding.
    private static double UniformStep(double interval, double step) => interval / Math.Max(1, Math.Ceiling((Math.Abs(interval) / step) - 1e-9));

    private void Evaluate(ref TState? into, double t, TState y)
    {
        _evaluations++;
        field(ref into, t, y);
    }

    // All slopes of a step from t, and the state at its end.
    private void Step(double t, double h)
    {
        _weights[0] = 1;
        for (int stage = 1; stage < _tableau.StageCount; stage++)
        {
            double[] row = _tableau.Stages[stage];
            Scale(row, h);
            bool ends = _tableau.LastStageIsNext && stage == _tableau.StageCount - 1;
            ref TState? y = ref ends ? ref _next : ref _stage;
            space.Combine(ref y, _weights.AsSpan(0, row.Length + 1), _terms.AsSpan(0, row.Length + 1));
            Evaluate(ref _terms[stage + 1], t + (_tableau.Nodes[stage] * h), y!);
        }

        if (!_tableau.LastStageIsNext)
        {
            Scale(_tableau.Weights, h);
            space.Combine(ref _next, _weights, _terms);
        }
    }

    private void Scale(double[] row, double h)
    {
        for (int i = 0; i < row.Length; i++)
        {
            _weights[i + 1] = h * row[i];
        }
    }

    private double ErrorOf(double h)
    {
        Scale(_tableau.Error!, h);
        return space.Norm(_weights.AsSpan(1), _terms.AsSpan(1), _terms[0]!, _next!);
    }

    // The solution at all times up to the end of the step.
    private int GiveOut(double t, double to, ReadOnlySpan<double> times, int reached)
    {
        DenseStep<TState>? step = null;
        if (dense is not null)
        {
            dense(step = Interpolant(t, to));
        }

        for (; reached < times.Length && DenseStep.Contains(t, to, times[reached]); reached++)
        {
            if (DenseStep.EndsAt(t, to, times[reached]))
            {
                space.Combine(ref _inside, [1], [_next]);
            }
            else
            {
                step ??= Interpolant(t, to);
                step.At(times[reached], space, ref _inside);
            }

            space.Keep(_inside!);
            output(_inside!);
        }

        return reached;
    }

    private DenseStep<TState> Interpolant(double t, double to)
    {
        if (_tableau.Dense is null && !_hasNextSlope)
        {
            Evaluate(ref _nextSlope, to, _next!);
            _hasNextSlope = true;
        }

        TState?[] terms = _tableau.Dense is null ? [_terms[0], _next, _terms[1], _nextSlope] : [.. _terms];
        if (dense is not null)
        {
            foreach (TState? term in terms)
            {
                space.Keep(term!);
            }
        }

        return new DenseStep<TState>(t, to, terms!, _tableau.Dense is null ? null : _tableau);
    }

    // The end of the step becomes the start of the next.
    private void Advance(double to, bool goesOn)
    {
        TState y = _terms[0]!, slope = _terms[1]!;
        if (_tableau.LastStageIsNext)
        {
            (_terms[1], _terms[^1]) = (_terms[^1], _terms[1]);
        }
        else
        {
            if (goesOn && !_hasNextSlope)
            {
                Evaluate(ref _nextSlope, to, _next!);
            }

            (_terms[1], _nextSlope) = goesOn ? (_nextSlope, _terms[1]) : (_terms[1], _nextSlope);
        }

        _hasNextSlope = false;
        (_terms[0], _next) = (_next, _terms[0]);
        if (goesOn)
        {
            space.Keep(_terms[0]!);
            space.Keep(_terms[1]!);
        }

        space.CloseStep();
        if (dense is null)
        {
            space.Drop(y);
            space.Drop(slope);
        }
    }

    // Hairer, Nørsett and Wanner 1993, section II.4, "Starting step size".
    private double FirstStep(double t, double direction)
    {
        if (options.FirstStep is double given)
        {
            return given;
        }

        TState y = _terms[0]!, slope = _terms[1]!;
        double size = space.Norm([1], [y], y, y), speed = space.Norm([1], [slope], y, y);
        double h0 = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed;
        space.OpenStep();
        space.Combine(ref _stage, [1, direction * h0], [y, slope]);
        Evaluate(ref _terms[2], t + (direction * h0), _stage!);
        double bend = space.Norm([1, -1], [_terms[2], slope], y, y) / h0;
        space.CloseStep();
        double larger = Math.Max(speed, bend);
        double h1 = larger <= 1e-15 ? Math.Max(1e-6, 1e-3 * h0) : Math.Pow(0.01 / larger, 1.0 / _tableau.Order);
        return double.IsFinite(h1) ? Math.Min(100 * h0, h1) : h0;
    }
}
