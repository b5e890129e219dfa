using System.Numerics;
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
        Kernel.Run(new ConversionKernel(this, y), y, this);
        return Recording.Of(y, static (_, gradient, pull) => pull.Set(0, gradient.To(pull.Inputs[0].DType)), this);
    }

    private readonly struct ConversionKernel(Tensor x, Tensor y) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (typeof(T) == typeof(float))
            {
                TensorPrimitives.ConvertTruncating(x.Elements<double>(), y.Writable<float>());
            }
            else
            {
                TensorPrimitives.ConvertTruncating(x.Elements<float>(), y.Writable<double>());
            }
        }
    }
}
