using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>cos(2π B x) and sin(2π B x) with fixed random frequencies B: what lets a network of few layers learn fine structure.</summary>
/// <remarks>Tancik et al. 2020, arXiv:2006.10739, equation 3 with Gaussian B. The frequencies are kept with the weights and not trained.</remarks>
public sealed class FourierFeatures : IModule
{
    private readonly Parameter _frequencies;

    /// <param name="count">Number of frequencies.</param>
    /// <param name="scale">Their standard deviation, in periods for a unit of x: about the finest structure that is to be learned; larger fits noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the scale is not positive.</exception>
    public FourierFeatures(int inputs, int count, double scale, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (!(scale > 0) || !double.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "Expected a positive number.");
        }

        _frequencies = new Parameter(Tensor.Normal(0, scale, rng, new Shape(count, inputs), dtype), isTrained: false);
    }

    /// <summary>Features of the result: twice the number of frequencies.</summary>
    public int Outputs => 2 * _frequencies.Shape[0];

    /// <param name="x">Shape <c>[…, inputs]</c>; best of size about 1.</param>
    /// <returns>Shape <c>[…, outputs]</c>: cosines, then sines.</returns>
    /// <exception cref="ShapeException">The last axis has another length.</exception>
    public Tensor Forward(Tensor x)
    {
        Linear.RequireRows(x, _frequencies.Shape[1]);
        Tensor angles = Tensor.Linear(x, _frequencies.Value, bias: null) * (2 * Math.PI);
        return Tensor.Concat([Tensor.Cos(angles), Tensor.Sin(angles)], axis: -1);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("frequencies", _frequencies);
    }
}
