using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Solves initial value problems dy/dt = f(t, y) by explicit Runge-Kutta methods.</summary>
/// <remarks>
/// <para>
/// Time may run backwards. Requested times do not shorten steps: the solution there is interpolated (<see cref="DenseOutput"/>), but for the last, which is the end
/// of a step. A step is kept if the root mean square, over all elements of the state, of its error beside atol + rtol |y| is at most 1; in a batch of n
/// rows a single row may therefore be off by √n times as much.
/// </para>
/// <para>
/// Where the start or anything the field reads is tracked, every step is recorded, and derivatives go through the steps: memory grows with them, and step sizes and
/// times count as constants. <see cref="AdjointMethod"/> needs memory for the requested states alone. Without tracking a solver holds a step's memory at a time.
/// Only solutions with a fixed <see cref="OdeOptions.Step"/> can be part of a replay.
/// </para>
/// </remarks>
/// <exception cref="ArgumentException">The options do not fit together.</exception>
/// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
public sealed class OdeSolver(OdeOptions? options = null)
{
    private readonly OdeOptions _options = (options ?? new OdeOptions()).Checked();

    /// <summary>Solves for a tensor of any shape.</summary>
    /// <param name="start">The state at the first time.</param>
    /// <param name="times">The first is that of the start; at least two, strictly rising or falling.</param>
    /// <param name="cancel">Checked before each step.</param>
    /// <exception cref="ArgumentException">The times are in no order, or the field gives another element type.</exception>
    /// <exception cref="ShapeException">The field gives another shape than the state's.</exception>
    public OdeResult Solve(VectorField field, Tensor start, ReadOnlySpan<double> times, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(start);
        OdeTimes.Check(times);
        Tensor slope = Slope(field, times[0], start);
        bool recorded = Recording.IsOn && (start.IsTracked || slope.IsTracked);
        using var space = new TensorSpace(recorded, _options.RelativeTolerance, _options.AbsoluteTolerance);
        List<Tensor> states = [];
        List<DenseStep<Tensor[]>> dense = [];
        var loop = new RungeKuttaLoop<Tensor[]>(
            space, (ref Tensor[]? into, double t, Tensor[] y) => into = [Slope(field, t, y[0])], _options,
            state => states.Add(state[0]), _options.KeepDense ? dense.Add : null, cancel);
        OdeOutcome outcome = loop.Run([start], [slope], times);
        foreach (Tensor part in dense.SelectMany(step => step.Terms).SelectMany(term => term!))
        {
            space.Release(part);
        }

        return new OdeResult(space.Release(Tensor.Stack([.. states])), outcome, dense.Count > 0 ? new DenseOutput(dense) : null);
    }

    /// <summary>Solves for plain numbers; a step allocates nothing.</summary>
    /// <param name="start">Shape <c>[n]</c>: the state at the first time.</param>
    /// <param name="times">The first is that of the start; at least two, strictly rising or falling.</param>
    /// <param name="states">Shape <c>[times, n]</c>, row-major; overwritten, with NaN for times that are not reached.</param>
    /// <param name="cancel">Checked before each step.</param>
    /// <exception cref="ArgumentException">The times are in no order, or <paramref name="states"/> has another length.</exception>
    public OdeOutcome Solve(
        SpanVectorField field, ReadOnlySpan<double> start, ReadOnlySpan<double> times, Span<double> states, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(field);
        OdeTimes.Check(times);
        if (states.Length != times.Length * start.Length)
        {
            throw new ArgumentException($"Expected shape [{times.Length}, {start.Length}], got length {states.Length}.", nameof(states));
        }

        if (_options.KeepDense)
        {
            throw new ArgumentException("Dense output is kept for tensors alone; ask for the times instead.", nameof(field));
        }

        var space = new ArraySpace(start.Length, _options.RelativeTolerance, _options.AbsoluteTolerance);
        double[] y = space.Allocate(), found = new double[states.Length];
        start.CopyTo(y);
        int at = 0;
        var loop = new RungeKuttaLoop<double[]>(
            space,
            (ref double[]? into, double t, double[] state) =>
            {
                into ??= space.Allocate();
                field(t, state, into);
            },
            _options,
            state =>
            {
                state.CopyTo(found, at);
                at += state.Length;
            },
            dense: null, cancel);
        OdeOutcome outcome = loop.Run(y, null, times);
        found.AsSpan(at).Fill(double.NaN);
        found.CopyTo(states);
        return outcome;
    }

    internal static Tensor Slope(VectorField field, double t, Tensor y)
    {
        Tensor slope = field(t, y);
        if (slope.Shape != y.Shape)
        {
            throw ShapeException.Pair("Field", y.Shape, slope.Shape, "a slope has the shape of its state.");
        }

        y.RequireSameType(slope, "Field");
        return slope;
    }
}
