using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nle;

/// <summary>Probabilities of discrete features, each given those before it and the parameters: p(x₁ | theta) p(x₂ | x₁, theta) and so on.</summary>
internal sealed class CategoryNetwork : IModule
{
    // Added to the logits of levels that a feature does not have; its exponential is 0 in float32.
    private const double Never = -1e4;
    private const int Blocks = 2;

    private readonly AutoregressiveConditioner _conditioner;
    private readonly Parameter _absent;
    private readonly DiscreteFeature[] _features;

    public CategoryNetwork(DiscreteFeature[] features, int contextSize, int hidden, Rng rng)
    {
        _features = features;
        Levels = features.Max(f => f.Levels);
        _conditioner = new AutoregressiveConditioner(features.Length, contextSize, hidden, Blocks, Levels, rng);
        double[] absent = [.. features.SelectMany(f => Enumerable.Range(0, Levels).Select(l => l < f.Levels ? 0 : Never))];
        _absent = new Parameter(Tensor.From(absent, new Shape(absent.Length, 1), DType.Float32), isTrained: false);
    }

    /// <summary>Of the feature that has most: the others are padded.</summary>
    public int Levels { get; }

    /// <summary>Numbers of a row of indicators.</summary>
    public int Indicators => _features.Length * Levels;

    /// <summary>What the networks see of categories: between -1 and 1.</summary>
    public float Seen(int feature, double category) => _features[feature].Levels == 1 ? 0 : (float)((2 * category / (_features[feature].Levels - 1)) - 1);

    /// <param name="seen">Shape <c>[n, features]</c>, see <see cref="Seen"/>.</param>
    /// <param name="indicators">Shape <c>[n, features · Levels]</c>: 1 at each feature's category, else 0.</param>
    /// <param name="context">Shape <c>[n, c]</c>.</param>
    /// <returns>log-probabilities, shape <c>[n]</c>.</returns>
    public Tensor LogProb(Tensor seen, Tensor indicators, Tensor context)
    {
        int n = seen.Shape[0], d = _features.Length;
        Tensor logits = _conditioner.Forward(seen.Transpose(), context.Transpose()) + _absent.Value;
        Tensor chosen = (logits * indicators.Transpose()).Sum(0), normalisers = logits.Reshape(d, Levels, n).LogSumExp(1).Sum(0);
        return chosen - normalisers;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree) => tree.Add("conditioner", _conditioner);
}
