using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Marginals;

/// <summary>Quantiles, mean and variance of each parameter given an observation; learned by <see cref="MarginalEstimation"/>.</summary>
/// <remarks>
/// There is no joint density and there are no draws, so this is no <see cref="IPosteriorEstimator"/>. Quantiles are learned in the unconstrained coordinates of the support and carried back, which rising
/// maps allow; means and variances, which they do not allow, in parameters themselves. So a mean may lie outside the support by the network's error.
/// </remarks>
public sealed class MarginalEstimator : IModule
{
    private readonly PosteriorCoordinates _coordinates;
    private readonly Standardise _plain;
    private readonly MarginalNetwork _network;

    internal MarginalEstimator(PosteriorCoordinates coordinates, Standardise plain, MarginalEstimationOptions options, Rng rng)
    {
        (_coordinates, _plain) = (coordinates, plain);
        Levels = [.. options.Levels];
        _network = new MarginalNetwork(coordinates.Dimension, coordinates.Features, options, rng);
    }

    /// <summary>Number of parameters.</summary>
    public int Dimension => _coordinates.Dimension;

    /// <summary>Length of an observation.</summary>
    public int Features => _coordinates.Features;

    /// <summary>Of the quantiles, rising.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <param name="x">One observation, <c>[k]</c>.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a number is not finite.</exception>
    public MarginalSummary Summarise(ReadOnlySpan<double> x)
    {
        _coordinates.CheckObservations(x, 1);
        double[] scaled = new double[x.Length];
        _coordinates.X.Apply(x, scaled);
        using var scope = new TensorScope();
        using Recording.Pause pause = Recording.Off();
        (Tensor quantiles, Tensor mean, Tensor logVariance) = _network.Forward(Tensor.From(scaled, new Shape(scaled.Length, 1), DType.Float32));
        double[] means = mean.ToArray(), variances = logVariance.ToArray(), z = quantiles.ToArray(), row = new double[Dimension];
        _plain.Invert(means, means);
        for (int i = 0; i < Dimension; i++)
        {
            variances[i] = Math.Exp(variances[i]) * _plain.Scale[i] * _plain.Scale[i];
        }

        double[][] found = [.. Enumerable.Range(0, Dimension).Select(_ => new double[Levels.Count])];
        for (int level = 0; level < Levels.Count; level++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                row[i] = z[(i * Levels.Count) + level];
            }

            _coordinates.Theta.Invert(row, row);
            _coordinates.Bijection.ToConstrained(row, row);
            for (int i = 0; i < Dimension; i++)
            {
                found[i][level] = row[i];
            }
        }

        return new MarginalSummary(means, variances, found);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _coordinates.Theta);
        tree.Add("plain", _plain);
        tree.Add("x", _coordinates.X);
        tree.Add("network", _network);
    }

    /// <summary>Minus the score of rows, for a task that maximises.</summary>
    /// <param name="both">Scaled unconstrained parameters, then scaled parameters, shape <c>[n, 2 d]</c>.</param>
    /// <param name="x">Scaled, shape <c>[n, k]</c>.</param>
    internal Tensor Merit(Tensor both, Tensor x)
    {
        Tensor columns = both.Transpose();
        return -_network.Score(columns.Slice(0, 0, Dimension), columns.Slice(0, Dimension, Dimension), x.Transpose());
    }
}
