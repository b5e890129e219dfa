using Quincunx.Inference.Networks;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Columns follow a velocity field from t = 0, the data, to t = 1, the noise.</summary>
/// <remarks>
/// <para>
/// Grathwohl et al. 2019 (FFJORD, arXiv:1810.01367) and Chen et al. 2018 (arXiv:1806.07366): along a path d log|det| / dt = ∂f₁/∂x₁ + … + ∂fᵈ/∂xᵈ, whatever the field. The same
/// equations backwards invert the map. The divergence is exact; an estimate by noise, which costs less where a field has no cheap exact one, is unbiased for the
/// log-determinant of a batch if the noise is kept through the solution, and so is taken as an argument.
/// </para>
/// <para>
/// What is computed is a solution up to the error of the solver: the inverse undoes the map to that error and the density integrates to one to that error.
/// Training sees the density that the steps give, and may come to use their errors if they are too few: compare with more steps afterwards.
/// </para>
/// </remarks>
public sealed class ContinuousFlow : IBijection
{
    private static readonly double[] ToNoise = [0, 1], ToData = [1, 0];

    private readonly IVelocityField _field;
    private readonly OdeSolver _solver;
    private readonly AdjointMethod? _adjoint;
    private readonly Tensor[] _weights;

    /// <exception cref="ArgumentException">The solver's options do not fit together.</exception>
    public ContinuousFlow(IVelocityField field, ContinuousFlowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(field);
        ContinuousFlowOptions o = options ?? new ContinuousFlowOptions();
        _field = field;
        _solver = new OdeSolver(o.Solver);
        _adjoint = o.Adjoint ? new AdjointMethod(o.Solver) : null;
        _weights = [.. ParameterTree.Of(field).Trained.Select(p => p.Value)];
    }

    public int Dimension => _field.Dimension;

    public IVelocityField Field => _field;

    /// <inheritdoc/>
    public Transformed Forward(Tensor x, Tensor? context) => Integrate(x, context, noise: null).Map;

    /// <inheritdoc/>
    public Transformed Inverse(Tensor y, Tensor? context) => Integrate(y, context, noise: null, toData: true).Map;

    /// <summary>Both directions, with the divergence exact or estimated, and with a report.</summary>
    /// <param name="x">Shape <c>[Dimension, n]</c>.</param>
    /// <param name="context">Shape <c>[c, n]</c>, <c>[c, 1]</c> or null.</param>
    /// <param name="noise">Shape <c>[Dimension, n]</c>: the divergence along the whole path is estimated with it (<see cref="TraceNoiseExtensions.Draw"/>). Null: it is exact.</param>
    /// <param name="toData">From noise to data.</param>
    /// <param name="cancel">Checked before each step.</param>
    public ContinuousSolution Integrate(Tensor x, Tensor? context, Tensor? noise, bool toData = false, CancellationToken cancel = default)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        int d = Dimension, n = x.Shape[1];
        if (noise is not null)
        {
            ShapeException.ThrowUnless(noise, d, n);
        }

        // The log-determinant is one more row of the state.
        Tensor start = Tensor.Concat([x, Tensor.Zeros(new Shape(1, n), x.DType)], axis: 0);
        double[] times = toData ? ToData : ToNoise;
        Tensor[] parameters = context is null ? _weights : [.. _weights, context];
        OdeResult result = _adjoint is null ? _solver.Solve(Slope, start, times, cancel) : _adjoint.Solve(Slope, start, times, parameters, cancel);
        Tensor end = result.Outcome.IsCompleted ? result.States.At(0, 1) : start * double.NaN;
        return new ContinuousSolution(new Transformed(end.Slice(0, 0, d), end.At(0, d)), result.Outcome);

        Tensor Slope(double t, Tensor state)
        {
            (Tensor velocity, Tensor divergence) = _field.WithDivergence(t, state.Slice(0, 0, d), context, noise);
            return Tensor.Concat([velocity, divergence.Reshape(1, n)], axis: 0);
        }
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("field", _field);
    }
}
