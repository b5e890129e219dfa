using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Sum over some axes; an empty axis sums to 0.</summary>
    /// <param name="axes">Which axes; null for all. Negative ones count from the last.</param>
    /// <param name="keepAxes">Keep the summed axes with length 1.</param>
    public Tensor Sum(int[]? axes = null, bool keepAxes = false) => Reduce<SumReduction>(this, axes, keepAxes);

    /// <summary>Sum over one axis.</summary>
    public Tensor Sum(int axis, bool keepAxes = false) => Sum([axis], keepAxes);

    /// <summary>Mean over some axes, null for all; NaN over an empty axis.</summary>
    public Tensor Mean(int[]? axes = null, bool keepAxes = false) => Sum(axes, keepAxes) / CountAlong(axes);

    /// <summary>Mean over one axis.</summary>
    public Tensor Mean(int axis, bool keepAxes = false) => Mean([axis], keepAxes);

    /// <summary>Σ (x - mean)² / (n - correction) over some axes, in two passes; NaN where n equals the correction.</summary>
    /// <param name="axes">Which axes; null for all.</param>
    /// <param name="correction">1 for the unbiased estimate, 0 for the second moment about the mean.</param>
    public Tensor Variance(int[]? axes = null, bool keepAxes = false, int correction = 1) =>
        Square(this - Mean(axes, keepAxes: true)).Sum(axes, keepAxes) / (CountAlong(axes) - correction);

    /// <summary>Variance over one axis.</summary>
    public Tensor Variance(int axis, bool keepAxes = false, int correction = 1) => Variance([axis], keepAxes, correction);

    private readonly struct SumReduction : IReduction
    {
        public static string Name => "Sum";

        public static bool AllowsEmpty => true;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
            where T : unmanaged, IFloatingPointIeee754<T> => Reductions.SumAxis(x, outer, length, inner, y);

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => gradient.BroadcastTo(x.Shape);
    }
}
