using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>A conditional flow that has learned p(theta | x) from simulations.</summary>
/// <remarks>
/// The flow lives in the unconstrained coordinates of the prior's support, standardised; densities and draws are in theta. So no mass leaks out
/// of the support: a draw is always inside it, and the density integrates to one over it.
/// <para>Draws come in blocks of 1,024 rows, block i from stream i, on all cores: the thread count does not change them.</para>
/// </remarks>
public sealed partial class NeuralPosterior : IPosteriorEstimator, IModule
{
    private readonly SupportBijection _bijection;
    private readonly Standardise _thetaScale;
    private readonly FeatureScaling _xScale;
    private readonly ObservationEmbedding? _embedding;
    private readonly Flow _flow;
    private readonly PosteriorCoordinates _coordinates;

    /// <param name="thetaScale">Standardises unconstrained parameters.</param>
    /// <param name="xScale">Scales observations.</param>
    public NeuralPosterior(SupportBijection bijection, Standardise thetaScale, FeatureScaling xScale, NeuralPosteriorOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(thetaScale);
        ArgumentNullException.ThrowIfNull(xScale);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        (_bijection, _thetaScale, _xScale) = (bijection, thetaScale, xScale);
        _coordinates = new PosteriorCoordinates(bijection, thetaScale, xScale, options.Missing);
        _embedding = ObservationEmbedding.Of(xScale.Features, options.Observations, rng.Split("embedding"));
        _flow = options.Flow.Create(bijection.Dimension, _embedding?.Outputs ?? xScale.Features, rng.Split("flow"));
    }

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _xScale.Features;

    public FeatureScaling Scaling => _xScale;

    /// <summary>What NaN in an observation means.</summary>
    public MissingValues Missing => _coordinates.Missing;

    /// <summary>log q of standardised unconstrained parameters given scaled observations: what training maximises.</summary>
    /// <param name="z">Shape <c>[n, d]</c>.</param>
    /// <param name="x">Shape <c>[n, k]</c> or <c>[1, k]</c>.</param>
    /// <returns>Shape <c>[n]</c>.</returns>
    public Tensor LogProbScaled(Tensor z, Tensor x) => _flow.LogProb(z, Embed(x));

    /// <summary>Standardised unconstrained coordinates of parameters, as training wants them.</summary>
    public void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> z) => _coordinates.ScaleTheta(thetas, z);

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
        tree.Add("theta", _thetaScale);
        tree.Add("x", _xScale);
        if (_embedding is not null)
        {
            tree.Add("embedding", _embedding);
        }

        tree.Add("flow", _flow);
    }

    /// <summary>Lets the compression of observations, where there is one, start at principal components of scaled rows.</summary>
    /// <inheritdoc cref="ObservationEmbedding.StartCompression"/>
    internal void StartCompression(double[] first, double[] second) => _embedding?.StartCompression(first, second);

    private Tensor Embed(Tensor x) => _embedding is null ? x : _embedding.Forward(x);

    private Tensor Draw(int n, Rng rng, Tensor x) => _flow.Sample(n, rng, Embed(x));

    private Tensor Density(int block, Tensor z, Tensor x) => _flow.LogProb(z, Embed(x));
}
