using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.MixtureDensity;

/// <summary>A posterior that is a mixture of normals, in the unconstrained coordinates of the prior's support; learned by <see cref="MixtureDensityEstimation"/>.</summary>
/// <remarks>Densities, draws and moments are closed forms of one pass of the network. Draws come in blocks of 1,024 rows, block i from stream i: the thread count does not change them.</remarks>
public sealed class MixturePosterior : IPosteriorEstimator, IModule
{
    private readonly PosteriorCoordinates _coordinates;
    private readonly ObservationEmbedding? _embedding;
    private readonly MixtureNetwork _network;

    internal MixturePosterior(PosteriorCoordinates coordinates, MixtureDensityOptions options, Rng rng)
    {
        _coordinates = coordinates;
        _embedding = ObservationEmbedding.Of(coordinates.Features, options.Observations, rng.Split("embedding"));
        _network = new MixtureNetwork(coordinates.Dimension, _embedding?.Outputs ?? coordinates.Features, options, rng);
    }

    /// <inheritdoc/>
    public int Dimension => _coordinates.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _coordinates.Features;

    /// <summary>The interval of each parameter.</summary>
    public IReadOnlyList<Support> Supports => _coordinates.Bijection.Supports;

    internal PosteriorCoordinates Coordinates => _coordinates;

    /// <summary>The mixture at one observation, in unconstrained coordinates (<see cref="SupportBijection"/>): those of theta itself where its support is the real line.</summary>
    /// <param name="x">One observation, <c>[k]</c>, finite but for gaps where the network takes them.</param>
    public IReadOnlyList<NormalComponent> Components(ReadOnlySpan<double> x)
    {
        _coordinates.CheckObservations(x, 1);
        double[] scaled = new double[x.Length];
        _coordinates.X.Apply(x, scaled);
        using var scope = new TensorScope();
        using Recording.Pause pause = Recording.Off();
        double[] outputs = Outputs(Tensor.From(scaled, new Shape(1, scaled.Length), DType.Float32)).ToArray();
        return [.. _network.Read(outputs).Select(Unscaled)];
    }

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => _coordinates.Sample(x, thetas, rng, Draw);

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => _coordinates.SampleMany(xs, count, thetas, rng, Draw);

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _coordinates.LogProb(x, thetas, logProbs, Density);

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _coordinates.LogProbPairs(thetas, xs, logProbs, Density);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _coordinates.Theta);
        tree.Add("x", _coordinates.X);
        if (_embedding is not null)
        {
            tree.Add("embedding", _embedding);
        }

        tree.Add("network", _network);
    }

    /// <summary>log q of standardised unconstrained parameters given scaled observations, rows of both: what training maximises.</summary>
    internal Tensor LogProbScaled(Tensor z, Tensor x) => _network.LogProb(z.Transpose(), Outputs(x));

    // Columns, of rows.
    private Tensor Outputs(Tensor x) => _network.Outputs((_embedding?.Forward(x) ?? x).Transpose());

    private Tensor Density(int block, Tensor z, Tensor x) => LogProbScaled(z, x);

    private Tensor Draw(int n, Rng rng, Tensor x)
    {
        Tensor columns = Outputs(x).Transpose();
        double[] outputs = columns.ToArray(), z = new double[n * Dimension];
        int width = columns.Shape[1];
        for (int i = 0; i < n; i++)
        {
            _network.Draw(outputs.AsSpan(columns.Shape[0] == 1 ? 0 : i * width, width), z.AsSpan(i * Dimension, Dimension), rng);
        }

        return Tensor.From(z, new Shape(n, Dimension), DType.Float32);
    }

    private NormalComponent Unscaled(NormalComponent component)
    {
        double[] mean = [.. component.Mean], covariance = [.. component.Covariance];
        _coordinates.Theta.Invert(mean, mean);
        for (int i = 0; i < covariance.Length; i++)
        {
            covariance[i] *= _coordinates.Theta.Scale[i / Dimension] * _coordinates.Theta.Scale[i % Dimension];
        }

        return new NormalComponent(component.Weight, mean, covariance);
    }
}
