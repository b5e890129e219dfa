using System.Numerics.Tensors;
using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The values in another element type, rounded to nearest; float64 values beyond the range of float32 become ±∞.</summary>
    public Tensor To(DType dtype)
    {
        if (dtype == DType)
        {
            return this;
        }

        Tensor y = Allocate(Shape, dtype);
        if (dtype == DType.Float32)
        {
            TensorPrimitives.ConvertTruncating(AsSpan<double>(), y.Writable<float>());
        }
        else
        {
            TensorPrimitives.ConvertTruncating(AsSpan<float>(), y.Writable<double>());
        }

        return Recording.Of(y, static (_, gradient, pull) => pull.Set(0, gradient.To(pull.Inputs[0].DType)), this);
    }
}
