using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>log Σ exp(x) over some axes, null for all, without overflow; -∞ over an empty axis or where all are -∞.</summary>
    /// <remarks>The derivative is the softmax, which is NaN where the result is infinite.</remarks>
    public Tensor LogSumExp(int[]? axes = null, bool keepAxes = false) => Reduce<LogSumExpReduction>(this, axes, keepAxes);

    /// <summary>log Σ exp(x) over one axis.</summary>
    public Tensor LogSumExp(int axis, bool keepAxes = false) => LogSumExp([axis], keepAxes);

    // From here on a row is worth a pass of its own; shorter ones are faster in operations on all of them. The bits are the same.
    private const int LongRow = 256;

    /// <summary>exp(x) / Σ exp(x) along an axis; NaN where all are -∞ or one is +∞.</summary>
    public static Tensor Softmax(Tensor x, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        int normal = x.Shape.Axis(axis);
        Tensor y;
        using (Recording.Off())
        {
            y = normal == x.Rank - 1 && x.Shape[^1] >= LongRow ? SoftmaxOfRows(x) : SharesOf(Exp(ShiftedDown(x, normal)), normal);
        }

        return Recording.Of(
            y,
            (output, gradient, pull) =>
            {
                Tensor part = gradient * output;
                pull.Set(0, part - (output * part.Sum(normal, keepAxes: true)));
            },
            x);
    }

    /// <summary>x - log Σ exp(x) along an axis, without overflow and without loss of digits for large x.</summary>
    public static Tensor LogSoftmax(Tensor x, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        int normal = x.Shape.Axis(axis);
        Tensor y;
        using (Recording.Off())
        {
            Tensor above = ShiftedDown(x, normal);
            y = above - Log(Exp(above).Sum(normal, keepAxes: true));
        }

        return Recording.Of(
            y,
            (output, gradient, pull) => pull.Set(0, gradient - (Exp(output) * gradient.Sum(normal, keepAxes: true))),
            x);
    }

    // x - max x: exact where it matters, near the maximum.
    private static Tensor ShiftedDown(Tensor x, int axis) => x.Count == 0 ? x + 0 : x - x.Max(axis, keepAxes: true);

    private static Tensor SharesOf(Tensor parts, int axis) => parts / parts.Sum(axis, keepAxes: true);

    private static Tensor SoftmaxOfRows(Tensor x)
    {
        Tensor y = Allocate(x.Shape, x.DType);
        return Kernel.Run(new SoftmaxKernel(x, y), y, x);
    }

    private readonly struct SoftmaxKernel(Tensor x, Tensor y) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int length = x.Shape[^1];
            Reductions.Softmax(x.Elements<T>(), length == 0 ? 0 : x.Count / length, length, y.Writable<T>());
        }
    }

    private readonly struct LogSumExpReduction : IReduction
    {
        public static string Name => "LogSumExp";

        public static bool AllowsEmpty => true;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
            where T : unmanaged, IFloatingPointIeee754<T> => Reductions.LogSumExpAxis(x, outer, length, inner, y);

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => Exp(x - y) * gradient;
    }
}
