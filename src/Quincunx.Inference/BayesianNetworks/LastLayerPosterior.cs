using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>A posterior that is a multivariate Student's t at each observation, in the unconstrained coordinates of the prior's support; learned by <see cref="LastLayerEstimation"/>.</summary>
public sealed class LastLayerPosterior : IPosteriorEstimator, IModule
{
    private readonly PosteriorCoordinates _coordinates;
    private readonly PredictiveCoordinates _predictive;
    private readonly Parameter _weights, _biases, _root, _half, _scale, _degrees;

    internal LastLayerPosterior(PosteriorCoordinates coordinates, int hidden)
        : this(coordinates, new double[hidden * coordinates.Features], new double[hidden])
    {
        for (int i = 0; i < Width; i++)
        {
            _root.Value.Writable<double>()[i * (Width + 1)] = 1;
        }

        _degrees.Value.Writable<double>()[0] = 1;
        for (int i = 0; i < Dimension; i++)
        {
            _scale.Value.Writable<double>()[i * (Dimension + 1)] = 1;
        }
    }

    internal LastLayerPosterior(PosteriorCoordinates coordinates, double[] weights, double[] biases)
    {
        _coordinates = coordinates;
        _predictive = new PredictiveCoordinates(coordinates, At);
        int d = coordinates.Dimension, k = coordinates.Features;
        Hidden = biases.Length;
        _weights = Keep(weights, new Shape(Hidden, k));
        _biases = Keep(biases, new Shape(Hidden));
        _root = Keep(new double[Width * Width], new Shape(Width, Width));
        _half = Keep(new double[Width * d], new Shape(Width, d));
        _scale = Keep(new double[d * d], new Shape(d, d));
        _degrees = Keep([0], new Shape(1));
    }

    /// <inheritdoc/>
    public int Dimension => _coordinates.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _coordinates.Features;

    /// <summary>Degrees of freedom ν of the predictive t.</summary>
    public double DegreesOfFreedom => _degrees.Value.AsSpan<double>()[0];

    internal PosteriorCoordinates Coordinates => _coordinates;

    internal int Hidden { get; }

    // A constant, the scaled observation, the hidden units.
    internal int Width => 1 + Features + Hidden;

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => _predictive.Sample(x, thetas, rng);

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => _predictive.SampleMany(xs, count, thetas, rng);

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _predictive.LogProb(x, thetas, logProbs);

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _predictive.LogProbPairs(thetas, xs, logProbs);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _coordinates.Theta);
        tree.Add("x", _coordinates.X);
        tree.Add("weights", _weights);
        tree.Add("biases", _biases);
        tree.Add("root", _root);
        tree.Add("half", _half);
        tree.Add("scale", _scale);
        tree.Add("degrees", _degrees);
    }

    /// <summary>Takes over what a regression found.</summary>
    internal void Assign(double[] weights, double[] biases, MatrixRegression found, double psi, double degrees)
    {
        weights.CopyTo(_weights.Value.Writable<double>());
        biases.CopyTo(_biases.Value.Writable<double>());
        found.Root.CopyTo(_root.Value.Writable<double>());
        found.Half.CopyTo(_half.Value.Writable<double>());
        found.Scale(psi).CopyTo(_scale.Value.Writable<double>());
        _degrees.Value.Writable<double>()[0] = degrees;
    }

    /// <summary>Features of one scaled observation.</summary>
    /// <param name="phi">Shape <c>[Width]</c>; overwritten.</param>
    internal static void Map(ReadOnlySpan<double> scaled, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, Span<double> phi)
    {
        int k = scaled.Length;
        phi[0] = 1;
        scaled.CopyTo(phi[1..]);
        for (int h = 0; h < biases.Length; h++)
        {
            double sum = biases[h];
            for (int j = 0; j < k; j++)
            {
                sum += weights[(h * k) + j] * scaled[j];
            }

            phi[1 + k + h] = Math.Tanh(sum);
        }
    }

    private PredictiveNormals At(double[] scaled)
    {
        int d = Dimension, p = Width;
        double nu = DegreesOfFreedom;
        double[] phi = new double[p], solved = new double[p], factor = new double[d * d];
        Map(scaled, _weights.Value.AsSpan<double>(), _biases.Value.AsSpan<double>(), phi);

        // u = L⁻¹ φ: the location is Mᵀ φ = (L⁻¹ Φᵀ Y)ᵀ u, and φᵀ A⁻¹ φ = |u|².
        double stretch = 1 + CholeskyFactor.Solve(_root.Value.AsSpan<double>(), phi, new double[p], solved);
        var normals = new PredictiveNormals(d, 1) { DegreesOfFreedom = nu };
        ReadOnlySpan<double> half = _half.Value.AsSpan<double>();
        Span<double> location = normals.Location(0), inverse = normals.Factor(0);
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < d; j++)
            {
                location[j] += half[(i * d) + j] * solved[i];
            }
        }

        // The scale is S = (stretch / ν) Ψ = C Cᵀ, and A of the predictive C⁻¹, column by column.
        double[] scale = [.. _scale.Value.AsSpan<double>()];
        for (int i = 0; i < scale.Length; i++)
        {
            scale[i] *= stretch / nu;
        }

        _ = CholeskyFactor.Compute(scale, d, factor);
        double[] unit = new double[d], column = new double[d];
        for (int j = 0; j < d; j++)
        {
            Array.Clear(unit);
            unit[j] = 1;
            CholeskyFactor.Solve(factor, unit, new double[d], column);
            for (int i = j; i < d; i++)
            {
                inverse[(i * d) + j] = column[i];
            }
        }

        return normals;
    }

    private static Parameter Keep(double[] values, Shape shape) => new(Tensor.From(values, shape), isTrained: false);
}
