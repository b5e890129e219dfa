using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Brings the last axis to mean 0 and variance 1, then applies a trained gain and offset per feature.</summary>
/// <remarks>Ba et al. 2016, arXiv:1607.06450. The variance divides by the number of features.</remarks>
public sealed class LayerNorm : IModule
{
    // Added to the variance, as in the field's common implementations; sets the scale below which a row counts as constant.
    private const double Epsilon = 1e-5;

    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public LayerNorm(int features, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        Gain = new Parameter(Tensor.Ones(new Shape(features), dtype));
        Offset = new Parameter(Tensor.Zeros(new Shape(features), dtype));
    }

    /// <summary>Shape <c>[features]</c>.</summary>
    public Parameter Gain { get; }

    /// <summary>Shape <c>[features]</c>.</summary>
    public Parameter Offset { get; }

    /// <param name="x">Shape <c>[…, features]</c>.</param>
    /// <exception cref="ShapeException">The last axis has another length.</exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank == 0 || x.Shape[-1] != Gain.Count)
        {
            throw new ShapeException($"Expected {Gain.Count} features on the last axis, got shape {x.Shape}.");
        }

        Tensor centred = x - x.Mean(-1, keepAxes: true);
        Tensor variance = (centred * centred).Mean(-1, keepAxes: true);
        return (centred / Tensor.Sqrt(variance + Epsilon) * Gain.Value) + Offset.Value;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("gain", Gain);
        tree.Add("offset", Offset);
    }
}
