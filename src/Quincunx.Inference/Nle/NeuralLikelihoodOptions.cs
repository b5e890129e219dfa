using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;

namespace Quincunx.Inference.Nle;

/// <summary>The network of a neural likelihood.</summary>
public sealed record NeuralLikelihoodOptions
{
    /// <summary>Of the continuous features given the parameters and the discrete features: what follows the affine transforms.</summary>
    public FlowOptions Flow { get; init; } = new() { Transforms = 1, Bins = 5, Activation = Activation.Silu };

    /// <summary>Affine autoregressive transforms, of the same networks, between the data and <see cref="Flow"/>: they bring features whose scale depends on the parameters to the interval that splines act on.</summary>
    public int AffineTransforms { get; init; } = 4;

    /// <summary>Width of the hidden layers of the network of discrete features.</summary>
    public int DiscreteHidden { get; init; } = 64;

    /// <summary>Values that a discrete feature may have to be learned as categories; those with more are spread by uniform noise of width 1 and learned as continuous, which is right where neighbouring values are nearly as likely.</summary>
    public int MostLevels { get; init; } = 100;

    /// <summary>Features with values one apart; null to find them in the data: all values at whole distances from the least.</summary>
    public IReadOnlyList<DiscreteFeature>? Discrete { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal NeuralLikelihoodOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Flow);
        ArgumentOutOfRangeException.ThrowIfNegative(AffineTransforms);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DiscreteHidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MostLevels);
        return this;
    }
}
