using System.Buffers;
using System.Numerics.Tensors;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Pilots;

/// <summary>The weighted least-squares fit of a deterministic model with independent normal noise, and its Gauss–Newton precision.</summary>
/// <remarks>
/// <para>
/// What is minimised over the prior's support is ½ Σ ((x − f(theta)) / σ)² + ½ Σ ((theta − c) / s)², where c and s are mean and standard deviation of the prior: the prior as a normal one, so that what the data do
/// not tell has an estimate too. By damped Gauss–Newton steps (Levenberg 1944, Q. Appl. Math. 2, 164; Marquardt 1963, J. SIAM 11, 431) from c, to an expected improvement of 1e-5 or for 50 steps; parameters at an edge that want to leave stay there.
/// The location is where one more step, over the edges, would lead.
/// </para>
/// <para>Summaries: the context, and the whitened residuals (x − f) / σ along given directions, which tell the network what the fit has left.</para>
/// </remarks>
public sealed class LeastSquaresPilot : IPilot
{
    private const int MomentRows = 4096, MaxSteps = 50;
    private const double Tolerance = 1e-5, FirstDamping = 1e-2, LeastDamping = 1e-9, MostDamping = 1e9;
    private readonly IReadOnlyList<Support> _supports;
    private readonly ModelSlopes _model;
    private readonly NoiseLevels _levels;
    private readonly int _outputs, _contexts;
    private readonly double[] _directions, _centre, _precision;

    /// <param name="prior">Continuous.</param>
    /// <param name="outputs">Of the model, m.</param>
    /// <param name="contextCount">Length of a context.</param>
    /// <param name="levels">Of the noise.</param>
    /// <param name="directions">Shape <c>[k, m]</c>, row-major: the principal components of outputs without noise, for instance; empty for no residuals among the summaries.</param>
    /// <exception cref="ArgumentException">The directions are not whole rows, or the prior is not continuous.</exception>
    public LeastSquaresPilot(IDistribution prior, ModelSlopes model, int outputs, int contextCount, NoiseLevels levels, ReadOnlySpan<double> directions = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(contextCount);
        if (directions.Length % outputs != 0)
        {
            throw new ArgumentException($"Expected directions of {outputs} numbers each, got {directions.Length} numbers.", nameof(directions));
        }

        (_supports, _model, _outputs, _contexts, _levels, _directions) = (new SupportBijection(prior).Supports, model, outputs, contextCount, levels, directions.ToArray());
        (_centre, _precision) = Moments(prior);
    }

    /// <inheritdoc/>
    public int Dimension => _supports.Count;

    /// <inheritdoc/>
    public int Features => _outputs + _contexts;

    /// <inheritdoc/>
    public int Summaries => _contexts + (_directions.Length / _outputs);

    /// <inheritdoc/>
    public void Estimate(ReadOnlySpan<double> x, Span<double> location, Span<double> factor, Span<double> summaries)
    {
        int d = Dimension, m = _outputs;
        Require.Length(x.Length, Features, nameof(x));
        double[] memory = ArrayPool<double>.Shared.Rent((m * (d + 2)) + (d * ((3 * d) + 5)));
        var state = new Workspace(memory, d, m);
        _levels(x[m..], state.Weights);
        TensorPrimitives.Reciprocal(state.Weights, state.Weights);
        for (int i = 0; i < d; i++)
        {
            location[i] = Math.Clamp(_centre[i], _supports[i].Lower, _supports[i].Upper);
        }

        double value = Evaluate(x, location, state), damping = FirstDamping;
        for (int step = 0; step < MaxSteps && damping < MostDamping; step++)
        {
            if (!Step(location, damping, factor, state))
            {
                damping *= 10;
                continue;
            }

            // A damped step promises less by about 1 / (1 + damping), which is no sign of a minimum.
            if (0.5 * (1 + damping) * TensorPrimitives.Dot<double>(state.Gradient, state.Step) < Tolerance)
            {
                break;
            }

            for (int i = 0; i < d; i++)
            {
                state.Trial[i] = Math.Clamp(location[i] - state.Step[i], _supports[i].Lower, _supports[i].Upper);
            }

            state.Gradient.CopyTo(state.OldGradient);
            state.Precision.CopyTo(state.OldPrecision);
            double trial = Evaluate(x, state.Trial, state);
            if (trial < value)
            {
                value = trial;
                state.Trial.CopyTo(location);
                damping = Math.Max(damping / 10, LeastDamping);
            }
            else
            {
                state.OldGradient.CopyTo(state.Gradient);
                state.OldPrecision.CopyTo(state.Precision);
                damping *= 10;
            }
        }

        _ = Evaluate(x, location, state);
        x[m..].CopyTo(summaries);
        for (int k = 0; k < _directions.Length / m; k++)
        {
            summaries[_contexts + k] = TensorPrimitives.Dot(state.Residuals, _directions.AsSpan(k * m, m));
        }

        if (CholeskyFactor.Compute(state.Precision, d, factor) is null)
        {
            state.Gradient.CopyTo(state.Step);
            CholeskyFactor.SolveBoth(factor, state.Step);
            TensorPrimitives.Subtract(location, state.Step, location);
        }
        else
        {
            factor.Fill(double.NaN);        // told by who asked
        }

        ArrayPool<double>.Shared.Return(memory);
    }

    // A damped step of the parameters that are free to take one; false where the damped precision has no factor.
    private bool Step(ReadOnlySpan<double> at, double damping, Span<double> factor, in Workspace state)
    {
        int d = at.Length;
        state.Precision.CopyTo(state.Damped);
        state.Gradient.CopyTo(state.Free);
        for (int i = 0; i < d; i++)
        {
            // In the metric of the precision's diagonal, so that units do not matter.
            state.Damped[(i * d) + i] *= 1 + damping;
            if ((at[i] <= _supports[i].Lower && state.Gradient[i] > 0) || (at[i] >= _supports[i].Upper && state.Gradient[i] < 0))
            {
                state.Free[i] = 0;
                for (int j = 0; j < d; j++)
                {
                    if (i != j)
                    {
                        state.Damped[(i * d) + j] = state.Damped[(j * d) + i] = 0;
                    }
                }
            }
        }

        if (CholeskyFactor.Compute(state.Damped, d, factor) is not null)
        {
            return false;
        }

        state.Free.CopyTo(state.Step);
        CholeskyFactor.SolveBoth(factor, state.Step);
        return true;
    }

    // The objective; residuals, gradient and precision go to the state.
    private double Evaluate(ReadOnlySpan<double> x, ReadOnlySpan<double> theta, in Workspace state)
    {
        int d = theta.Length, m = _outputs;
        Span<double> residuals = state.Residuals, slopes = state.Slopes;
        _model(theta, residuals, slopes);
        TensorPrimitives.Subtract(x[..m], residuals, residuals);
        TensorPrimitives.Multiply(residuals, state.Weights, residuals);
        double value = 0.5 * TensorPrimitives.Dot<double>(residuals, residuals);
        for (int i = 0; i < d; i++)
        {
            Span<double> row = slopes.Slice(i * m, m);
            TensorPrimitives.Multiply(row, state.Weights, row);
            double pull = (theta[i] - _centre[i]) * _precision[i];
            value += 0.5 * pull * (theta[i] - _centre[i]);
            state.Gradient[i] = pull - TensorPrimitives.Dot<double>(row, residuals);
            for (int j = 0; j <= i; j++)
            {
                state.Precision[(i * d) + j] = TensorPrimitives.Dot<double>(row, slopes.Slice(j * m, m)) + (i == j ? _precision[i] : 0);
            }
        }

        return value;
    }

    private static (double[] Mean, double[] Precision) Moments(IDistribution prior)
    {
        var moments = new Networks.ColumnMoments(prior.Dimension);
        double[] theta = new double[prior.Dimension];
        for (int i = 0; i < MomentRows; i++)
        {
            prior.Sample(theta, new Rng(0).Split(i));
            moments.Add(theta);
        }

        Networks.Standardise scale = Networks.Standardise.Fit(moments);
        return (scale.Mean.ToArray(), [.. scale.Scale.ToArray().Select(s => 1 / (s * s))]);
    }

    private readonly ref struct Workspace
    {
        public Workspace(double[] memory, int d, int m)
        {
            Span<double> rest = memory;
            Weights = Take(ref rest, m);
            Residuals = Take(ref rest, m);
            Slopes = Take(ref rest, d * m);
            Free = Take(ref rest, d);
            Gradient = Take(ref rest, d);
            OldGradient = Take(ref rest, d);
            Step = Take(ref rest, d);
            Trial = Take(ref rest, d);
            Precision = Take(ref rest, d * d);
            OldPrecision = Take(ref rest, d * d);
            Damped = Take(ref rest, d * d);
        }

        public Span<double> Weights { get; }

        public Span<double> Residuals { get; }

        public Span<double> Slopes { get; }

        public Span<double> Free { get; }

        public Span<double> Gradient { get; }

        public Span<double> OldGradient { get; }

        public Span<double> Step { get; }

        public Span<double> Trial { get; }

        public Span<double> Precision { get; }

        public Span<double> OldPrecision { get; }

        public Span<double> Damped { get; }

        private static Span<double> Take(scoped ref Span<double> rest, int count)
        {
            Span<double> taken = rest[..count];
            rest = rest[count..];
            return taken;
        }
    }
}
