using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>One integration of the adjoint equations, from the last time back to the first.</summary>
internal sealed class AdjointSweep(VectorField field, OdeOptions options, Tensor[] parameters, CancellationToken cancel)
{
    private readonly List<Tensor> _times = [];

    /// <summary>dL/dy at the first time.</summary>
    public Tensor Start { get; private set; } = null!;

    /// <summary>dL/dθ for each parameter.</summary>
    public Tensor[] Parameters { get; private set; } = [.. parameters.Select(p => Tensor.Zeros(p.Shape, p.DType))];

    /// <summary>dL/dt for each time.</summary>
    public Tensor Times(DType dtype) => Tensor.Stack([.. Enumerable.Reverse(_times)]).To(dtype);

    /// <param name="states">Shape <c>[times, ..]</c>.</param>
    /// <param name="gradient">dL/d states.</param>
    /// <param name="slopes">Whether gradients in the times are wanted.</param>
    /// <exception cref="OdeException">The integration failed.</exception>
    public void Run(double[] times, Tensor states, Tensor gradient, bool slopes)
    {
        int last = times.Length - 1;
        Tensor adjoint = gradient.At(0, last);
        for (int i = last; i > 0; i--)
        {
            Tensor y = states.At(0, i);
            if (slopes)
            {
                _times.Add((gradient.At(0, i) * Plain(times[i], y)).Sum());
            }

            Tensor[] end = Back(times[i], times[i - 1], [y, adjoint, .. Parameters]);
            adjoint = end[1];
            Parameters = end[2..];
            if (i == 1 && slopes)
            {
                _times.Add(-(adjoint * Plain(times[0], states.At(0, 0))).Sum());
            }

            adjoint += gradient.At(0, i - 1);
        }

        Start = adjoint;
    }

    private Tensor[] Back(double from, double to, Tensor[] state)
    {
        bool recorded = Recording.IsOn;
        using var space = new TensorSpace(recorded, options.RelativeTolerance, options.AbsoluteTolerance);
        Tensor[] end = state;
        var loop = new RungeKuttaLoop<Tensor[]>(
            space, (ref Tensor[]? into, double t, Tensor[] y) => into = Slope(t, y[0], y[1]), options, y => end = y, dense: null, cancel);
        OdeOutcome outcome = loop.Run(state, null, [from, to]);
        if (!outcome.IsCompleted)
        {
            throw new OdeException(outcome);
        }

        return [.. end.Select(space.Release)];
    }

    // [f, -aᵀ ∂f/∂y, -aᵀ ∂f/∂θ, ..]. Partial derivatives: the state is cut off from its own history, even where that is being recorded.
    private Tensor[] Slope(double t, Tensor state, Tensor adjoint)
    {
        bool recorded = Recording.IsOn;
        Tensor y = recorded && state.IsTracked ? state : state.Detach().Track();
        Tensor f;
        using (Recording.Resume())
        {
            f = OdeSolver.Slope(field, t, y);
        }

        Tensor[] pulled = Gradient.Partial(f, adjoint, [y, .. parameters], differentiable: recorded);
        return [recorded ? f : f.Detach(), .. pulled.Select(g => -g)];
    }

    private Tensor Plain(double t, Tensor y) => OdeSolver.Slope(field, t, y);
}
