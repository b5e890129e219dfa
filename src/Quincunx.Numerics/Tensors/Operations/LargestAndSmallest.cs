using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Largest element over some axes, null for all; NaN if there is one. Equal largest elements share the gradient equally.</summary>
    /// <exception cref="ShapeException">There is nothing along the axes.</exception>
    public Tensor Max(int[]? axes = null, bool keepAxes = false) => Reduce<MaxReduction>(this, axes, keepAxes);

    /// <summary>Largest element over one axis.</summary>
    public Tensor Max(int axis, bool keepAxes = false) => Max([axis], keepAxes);

    /// <summary>Smallest element over some axes, null for all; NaN if there is one. Equal smallest elements share the gradient equally.</summary>
    /// <exception cref="ShapeException">There is nothing along the axes.</exception>
    public Tensor Min(int[]? axes = null, bool keepAxes = false) => Reduce<MinReduction>(this, axes, keepAxes);

    /// <summary>Smallest element over one axis.</summary>
    public Tensor Min(int axis, bool keepAxes = false) => Min([axis], keepAxes);

    /// <summary>Where along an axis the largest element is: the first of equal ones; the first NaN if there is one.</summary>
    /// <returns>This shape without the axis.</returns>
    /// <exception cref="ShapeException">There is nothing along the axis.</exception>
    public Indices ArgMax(int axis) => DType == DType.Float32 ? FirstLargest<float>(axis, 1) : FirstLargest<double>(axis, 1);

    /// <summary>Where along an axis the smallest element is: the first of equal ones; the first NaN if there is one.</summary>
    /// <returns>This shape without the axis.</returns>
    /// <exception cref="ShapeException">There is nothing along the axis.</exception>
    public Indices ArgMin(int axis) => DType == DType.Float32 ? FirstLargest<float>(axis, -1) : FirstLargest<double>(axis, -1);

    private Indices FirstLargest<T>(int axis, T sign)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int normal = Shape.Axis(axis);
        (int outer, int length, int inner) = Shape.Around(normal);
        if (length == 0 && outer * inner > 0)
        {
            throw new ShapeException($"ArgMax and ArgMin need elements along axis {axis}, got shape {Shape}.");
        }

        ReadOnlySpan<T> x = AsSpan<T>();
        int[] found = new int[outer * inner];
        for (int lane = 0; lane < found.Length; lane++)
        {
            int start = (lane / inner * length * inner) + (lane % inner), best = 0;
            for (int i = 1; i < length && !T.IsNaN(x[start + (best * inner)]); i++)
            {
                // Written so that NaN wins.
                T candidate = sign * x[start + (i * inner)];
                best = candidate <= sign * x[start + (best * inner)] ? best : i;
            }

            found[lane] = best;
        }

        Span<bool> dropped = stackalloc bool[Rank];
        dropped.Clear();
        dropped[normal] = true;
        return Indices.Own(found, Without(Shape, dropped));
    }

    // d loss / dx where y was picked from x: equal picks share it equally.
    private static Tensor Shared(Tensor x, Tensor y, Tensor gradient)
    {
        Tensor picked = Equal(x, y);
        return gradient / picked.SumTo(y.Shape) * picked;
    }

    private readonly struct MaxReduction : IReduction
    {
        public static string Name => "Max";

        public static bool AllowsEmpty => false;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
            where T : unmanaged, IFloatingPointIeee754<T> => Reductions.MaxAxis(x, outer, length, inner, y);

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => Shared(x, y, gradient);
    }

    private readonly struct MinReduction : IReduction
    {
        public static string Name => "Min";

        public static bool AllowsEmpty => false;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
            where T : unmanaged, IFloatingPointIeee754<T> => Reductions.MinAxis(x, outer, length, inner, y);

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => Shared(x, y, gradient);
    }
}
