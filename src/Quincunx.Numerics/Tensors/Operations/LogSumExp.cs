using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    // Lanes across an inner axis are taken this many at a time, so that the scratch stays on the stack and in the first cache.
    private const int Strip = 128;

    /// <summary>log Σ exp(x) over some axes, null for all, without overflow; -∞ over an empty axis or where all are -∞.</summary>
    /// <remarks>The derivative is the softmax, which is NaN where the result is infinite.</remarks>
    public Tensor LogSumExp(int[]? axes = null, bool keepAxes = false) => Reduce<LogSumExpReduction>(this, axes, keepAxes);

    /// <summary>log Σ exp(x) over one axis.</summary>
    public Tensor LogSumExp(int axis, bool keepAxes = false) => LogSumExp([axis], keepAxes);

    /// <summary>exp(x) / Σ exp(x) along an axis; NaN where all are -∞ or one is +∞.</summary>
    public static Tensor Softmax(Tensor x, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        int normal = x.Shape.Axis(axis);
        Tensor y;
        using (Recording.Off())
        {
            Tensor above = Exp(ShiftedDown(x, normal));
            y = above / above.Sum(normal, keepAxes: true);
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

    private readonly struct LogSumExpReduction : IReduction
    {
        public static string Name => "LogSumExp";

        public static bool AllowsEmpty => true;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (length == 0)
            {
                y.Fill(T.NegativeInfinity);
                return;
            }

            Span<T> scratch = stackalloc T[Strip];
            for (int o = 0; o < outer; o++)
            {
                ReadOnlySpan<T> block = x.Slice(o * length * inner, length * inner);
                if (inner == 1)
                {
                    y[o] = Row(block, scratch);
                    continue;
                }

                for (int from = 0; from < inner; from += Strip)
                {
                    Columns(block, y.Slice(o * inner, inner), from, Math.Min(Strip, inner - from), length, inner, scratch);
                }
            }
        }

        public static Tensor Backward(Tensor x, Tensor y, Tensor gradient) => Exp(x - y) * gradient;

        private static T Row<T>(ReadOnlySpan<T> x, Span<T> scratch)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            T max = TensorPrimitives.Max(x);
            if (!T.IsFinite(max))
            {
                return max;
            }

            T sum = T.Zero;
            for (; x.Length > 0; x = x[Math.Min(Strip, x.Length)..])
            {
                ReadOnlySpan<T> part = x[..Math.Min(Strip, x.Length)];
                Span<T> above = scratch[..part.Length];
                TensorPrimitives.Subtract(part, max, above);
                Elementwise.Exp<T>(above, above);
                sum += TensorPrimitives.Sum<T>(above);
            }

            return max + T.Log(sum);
        }

        private static void Columns<T>(ReadOnlySpan<T> x, Span<T> y, int from, int count, int length, int inner, Span<T> scratch)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            Span<T> max = stackalloc T[count], above = scratch[..count], sum = y.Slice(from, count);
            x.Slice(from, count).CopyTo(max);
            for (int i = 1; i < length; i++)
            {
                TensorPrimitives.Max(max, x.Slice((i * inner) + from, count), max);
            }

            sum.Clear();
            for (int i = 0; i < length; i++)
            {
                TensorPrimitives.Subtract(x.Slice((i * inner) + from, count), max, above);
                Elementwise.Exp<T>(above, above);
                TensorPrimitives.Add(sum, above, sum);
            }

            for (int j = 0; j < count; j++)
            {
                sum[j] = T.IsFinite(max[j]) ? max[j] + T.Log(sum[j]) : max[j];
            }
        }
    }
}
