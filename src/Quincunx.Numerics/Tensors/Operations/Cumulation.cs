using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Running sum along an axis, each element included in its own.</summary>
    /// <param name="reverse">Sum from the end.</param>
    public Tensor CumulativeSum(int axis, bool reverse = false)
    {
        int normal = Shape.Axis(axis);
        (int outer, int length, int inner) = Shape.Around(normal);
        Tensor y = Allocate(Shape, DType);
        Kernel.Run(new CumulationKernel(this, y, outer, length, inner, reverse), y, this);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, gradient.CumulativeSum(normal, !reverse)), this);
    }

    private readonly struct CumulationKernel(Tensor x, Tensor y, int outer, int length, int inner, bool reverse) : INotedKernel
    {
        public OperationNote Note => new("CumulativeSum", ("axis", x.Shape.AxisAround(outer, length, inner)), ("reverse", reverse));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => CumulateKernel(x.Elements<T>(), y.Writable<T>(), outer, length, inner, reverse);
    }

    private static void CumulateKernel<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner, bool reverse)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int o = 0; o < outer; o++)
        {
            int block = o * length * inner;
            if (inner == 1)
            {
                T sum = T.Zero;
                for (int i = 0; i < length; i++)
                {
                    int at = block + (reverse ? length - 1 - i : i);
                    sum = i == 0 ? x[at] : sum + x[at];
                    y[at] = sum;
                }

                continue;
            }

            for (int i = 0; i < length; i++)
            {
                int at = block + ((reverse ? length - 1 - i : i) * inner);
                ReadOnlySpan<T> row = x.Slice(at, inner);
                if (i == 0)
                {
                    row.CopyTo(y[at..]);
                }
                else
                {
                    TensorPrimitives.Add(row, y.Slice(reverse ? at + inner : at - inner, inner), y.Slice(at, inner));
                }
            }
        }
    }
}
