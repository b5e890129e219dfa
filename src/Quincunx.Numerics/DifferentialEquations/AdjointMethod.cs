using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Solutions whose derivatives follow from another differential equation, integrated backwards, instead of from a record of the steps.</summary>
/// <remarks>
/// <para>
/// With a = dL/dy(t), Pontryagin 1962 and Chen et al. 2018 (arXiv:1806.07366): da/dt = -aᵀ ∂f/∂y and dL/dθ = -∫ aᵀ ∂f/∂θ dt from the last time back to the first, together with y
/// itself, which starts afresh from the solution at every requested time; there a grows by the gradient of the state. Derivatives in the times are
/// a · f at each, minus it at the first.
/// </para>
/// <para>
/// Memory does not grow with the steps. The gradient has the error of its own integration, at the same tolerances, and where y itself cannot be integrated backwards
/// (strong decay) so cannot its gradient: use the recorded steps there. Derivatives of second order
/// go through the steps of the backward integration, and hold the times fixed: where these are tracked, <see cref="NotSupportedException"/> is thrown.
/// </para>
/// </remarks>
/// <exception cref="ArgumentException">The options do not fit together, or ask for dense output.</exception>
public sealed class AdjointMethod
{
    private readonly OdeOptions _options;
    private readonly OdeSolver _solver;

    public AdjointMethod(OdeOptions? options = null)
    {
        _options = (options ?? new OdeOptions()).Checked();
        _solver = new OdeSolver(_options);
        if (_options.KeepDense)
        {
            throw new ArgumentException("The adjoint method keeps no dense output.", nameof(options));
        }
    }

    /// <summary>Solves, with derivatives in the start and in parameters.</summary>
    /// <param name="field">A function of time, state and parameters alone.</param>
    /// <param name="start">The state at the first time.</param>
    /// <param name="times">The first is that of the start; at least two, strictly rising or falling.</param>
    /// <param name="parameters">
    /// Tensors that <paramref name="field"/> reads and gradients are wanted for; none may be computed from another. What the field reads beside them counts as constant.
    /// </param>
    /// <exception cref="ArgumentException">The times are in no order, or the field gives another element type.</exception>
    /// <exception cref="ShapeException">The field gives another shape than the state's.</exception>
    public OdeResult Solve(VectorField field, Tensor start, ReadOnlySpan<double> times, IReadOnlyList<Tensor> parameters, CancellationToken cancel = default) =>
        Solve(field, start, times.ToArray(), null, parameters, cancel);

    /// <summary>Solves, with derivatives in the start, the times and in parameters.</summary>
    /// <param name="field">A function of time, state and parameters alone.</param>
    /// <param name="start">The state at the first time.</param>
    /// <param name="times">Shape <c>[times]</c>, of the element type of the state.</param>
    /// <param name="parameters">
    /// Tensors that <paramref name="field"/> reads and gradients are wanted for; none may be computed from another. What the field reads beside them counts as constant.
    /// </param>
    /// <exception cref="ArgumentException">The times are in no order, or the field gives another element type.</exception>
    /// <exception cref="ShapeException">The field gives another shape than the state's, or the times have more than one axis.</exception>
    public OdeResult Solve(VectorField field, Tensor start, Tensor times, IReadOnlyList<Tensor> parameters, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(times);
        ShapeException.ThrowUnless(times, -1);
        return Solve(field, start, times.ToArray(), times, parameters, cancel);
    }

    private OdeResult Solve(VectorField field, Tensor start, double[] times, Tensor? tracked, IReadOnlyList<Tensor> parameters, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(parameters);
        OdeResult result;
        using (Recording.Off())
        {
            result = _solver.Solve(field, start.Detach(), times, cancel);
        }

        double[] reached = times[..result.Outcome.Reached];
        int first = tracked is null ? 1 : 2;
        Tensor[] inputs = [start, .. tracked is null ? Array.Empty<Tensor>() : [tracked], .. parameters];
        Tensor states = Recording.Of(
            result.States,
            (output, gradient, pull) =>
            {
                bool[] wanted = pull.Wanted.ToArray();
                if (tracked is not null && wanted[1] && Recording.IsOn)
                {
                    throw new NotSupportedException("Derivatives of second order hold the times fixed; give the times as numbers, or detach them.");
                }

                var sweep = new AdjointSweep(field, _options, [.. parameters.Where((_, i) => wanted[first + i])], cancel);
                sweep.Run(reached, output, gradient, slopes: tracked is not null && wanted[1]);
                pull.Set(0, sweep.Start);
                if (tracked is not null && wanted[1])
                {
                    Tensor inTimes = sweep.Times(tracked.DType);
                    pull.Set(1, reached.Length == times.Length ? inTimes : Tensor.Concat([inTimes, Tensor.Zeros(new Shape(times.Length - reached.Length), tracked.DType)]));
                }

                int found = 0;
                for (int i = 0; i < parameters.Count; i++)
                {
                    if (wanted[first + i])
                    {
                        pull.Set(first + i, sweep.Parameters[found++]);
                    }
                }
            },
            inputs);
        return result with { States = states };
    }
}
