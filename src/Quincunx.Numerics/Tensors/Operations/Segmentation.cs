using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    // A segment is the set of rows that name it: the edges that enter a node of a graph, the particles of an event. A row is whatever lies behind the first axis.

    /// <summary>Sum of the rows of each segment, in rising order of rows; 0 for a segment without rows.</summary>
    /// <param name="x">Shape <c>[n, …]</c>.</param>
    /// <param name="segments">Shape <c>[n]</c>: the segment of each row, 0 to <paramref name="count"/> - 1, repeated in any order.</param>
    /// <param name="count">Number of segments.</param>
    /// <returns>Shape <c>[count, …]</c>.</returns>
    /// <exception cref="ShapeException">There is not one segment for each row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A segment is negative or not below <paramref name="count"/>.</exception>
    public static Tensor SegmentSum(Tensor x, Indices segments, int count)
    {
        Shape shape = CheckSegments("SegmentSum", x, segments, count);
        Tensor y = Allocate(shape, x.DType);
        Kernel.Run(new SegmentKernel<Elementwise.AddLanes>(x, segments, 0, y), y, x);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, gradient.IndexSelect(0, segments)), x);
    }

    /// <summary>Mean of the rows of each segment; 0, and not NaN, for a segment without rows: a node without neighbours receives nothing.</summary>
    /// <inheritdoc cref="SegmentSum" path="/param|/returns|/exception"/>
    public static Tensor SegmentMean(Tensor x, Indices segments, int count)
    {
        Tensor sum = SegmentSum(x, segments, count);
        int[] lengths = new int[x.Rank];
        lengths.AsSpan().Fill(1);
        lengths[0] = count;
        Tensor sizes = Allocate(new Shape(lengths), x.DType);
        Kernel.Run(new SegmentSizeKernel(segments, sizes), sizes);
        return sum / sizes;
    }

    /// <summary>Largest of each segment's rows, element by element: -∞ for a segment without rows, NaN if there is one. Equal largest elements share the gradient equally.</summary>
    /// <inheritdoc cref="SegmentSum" path="/param|/returns|/exception"/>
    public static Tensor SegmentMax(Tensor x, Indices segments, int count) =>
        SegmentExtremum<Elementwise.MaximumLanes>("SegmentMax", x, segments, count, double.NegativeInfinity);

    /// <summary>Smallest of each segment's rows, element by element: +∞ for a segment without rows, NaN if there is one. Equal smallest elements share the gradient equally.</summary>
    /// <inheritdoc cref="SegmentSum" path="/param|/returns|/exception"/>
    public static Tensor SegmentMin(Tensor x, Indices segments, int count) =>
        SegmentExtremum<Elementwise.MinimumLanes>("SegmentMin", x, segments, count, double.PositiveInfinity);

    /// <summary>log Σ exp(x) over the rows of each segment, without overflow; -∞ for a segment without rows or with nothing but -∞.</summary>
    /// <remarks>The derivative is <see cref="SegmentSoftmax"/>, which is NaN where the result of a segment with rows is infinite.</remarks>
    /// <inheritdoc cref="SegmentSum" path="/param|/returns|/exception"/>
    public static Tensor SegmentLogSumExp(Tensor x, Indices segments, int count)
    {
        CheckSegments("SegmentLogSumExp", x, segments, count);
        Tensor y;
        using (Recording.Off())
        {
            // Where the largest is infinite there is nothing to shift by; the sum is 0 or ∞ as it should be.
            Tensor largest = SegmentMax(x, segments, count), shift = KeepWhere(largest, IsFinite(largest));
            y = Log(SegmentSum(ExpFrom(x, shift, segments), segments, count)) + shift;
        }

        return Recording.Of(
            y,
            (output, gradient, pull) =>
                pull.Set(0, gradient.IndexSelect(0, segments) * Exp(pull.Inputs[0] - output.IndexSelect(0, segments))),
            x);
    }

    /// <summary>exp(x) over the sum of exp(x) in its segment, element by element of the rows; NaN where all of a segment are -∞ or one is +∞.</summary>
    /// <returns>The shape of x.</returns>
    /// <inheritdoc cref="SegmentSum" path="/param|/exception"/>
    public static Tensor SegmentSoftmax(Tensor x, Indices segments, int count)
    {
        CheckSegments("SegmentSoftmax", x, segments, count);
        Tensor y = Allocate(x.Shape, x.DType);
        using (Recording.Off())
        {
            Tensor parts = ExpFrom(x, SegmentMax(x, segments, count), segments), sums = SegmentSum(parts, segments, count);
            Kernel.Run(new SegmentMapKernel<Elementwise.DivideLanes>(parts, sums, segments, y), y, parts, sums);
        }

        return Recording.Of(
            y,
            (output, gradient, pull) =>
            {
                Tensor part = gradient * output;
                pull.Set(0, part - (output * SegmentSum(part, segments, count).IndexSelect(0, segments)));
            },
            x);
    }

    private static Tensor SegmentExtremum<TFunction>(string operation, Tensor x, Indices segments, int count, double empty)
        where TFunction : struct, IBinaryLanes
    {
        Tensor y = Allocate(CheckSegments(operation, x, segments, count), x.DType);
        Kernel.Run(new SegmentKernel<TFunction>(x, segments, empty, y), y, x);
        return Recording.Of(
            y,
            (output, gradient, pull) =>
            {
                // 1 / (number of equal extremes) for each of them: constant, so that the rule is linear in the gradient.
                Tensor picked = Equal(pull.Inputs[0], output.IndexSelect(0, segments));
                Tensor shares = picked / SegmentSum(picked, segments, count).IndexSelect(0, segments);
                pull.Set(0, gradient.IndexSelect(0, segments) * shares);
            },
            x);
    }

    // exp(x - shift) of each row with its segment's shift; not recorded.
    private static Tensor ExpFrom(Tensor x, Tensor shift, Indices segments)
    {
        Tensor y = Allocate(x.Shape, x.DType);
        return Kernel.Run(new SegmentExpKernel(x, shift, segments, y), y, x, shift);
    }

    private static Shape CheckSegments(string operation, Tensor x, Indices segments, int count)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (x.Rank == 0 || segments.Shape.Rank != 1 || segments.Count != x.Shape[0])
        {
            throw ShapeException.Pair(operation, x.Shape, segments.Shape, "expected rows [n, ...] and segments [n].");
        }

        Shape shape = x.Shape.With(0, count);
        segments.RequireBelow(count, shape, 0);
        return shape;
    }

    // Elements behind the first axis; of no account where there are no rows.
    private static int RowLength(Tensor x) => x.Shape[0] == 0 ? 0 : x.Count / x.Shape[0];

    private readonly struct SegmentKernel<TFunction>(Tensor x, Indices segments, double start, Tensor y) : INotedKernel
        where TFunction : struct, IBinaryLanes
    {
        public OperationNote Note => new("Segment" + OperationNote.NameOf(typeof(TFunction)), ("segments", segments), ("start", start));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            Span<T> into = y.Writable<T>();
            into.Fill(T.CreateTruncating(start));
            Segments.Combine<T, TFunction>(x.Elements<T>(), segments.AsSpan(), RowLength(x), into);
        }
    }

    private readonly struct SegmentMapKernel<TFunction>(Tensor x, Tensor table, Indices segments, Tensor y) : INotedKernel
        where TFunction : struct, IBinaryLanes
    {
        public OperationNote Note => new("SegmentMap" + OperationNote.NameOf(typeof(TFunction)), ("segments", segments));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            Segments.Map<T, TFunction>(x.Elements<T>(), table.Elements<T>(), segments.AsSpan(), RowLength(x), y.Writable<T>());
    }

    private readonly struct SegmentExpKernel(Tensor x, Tensor shift, Indices segments, Tensor y) : INotedKernel
    {
        public OperationNote Note => new("SegmentExp", ("segments", segments));

        // Elements of a block that is still in the first-level cache when its exponentials are taken.
        private const int Block = 2048;

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int inner = RowLength(x), rows = segments.Count, step = Math.Max(1, Block / Math.Max(1, inner));
            for (int row = 0; row < rows; row += step)
            {
                int taken = Math.Min(step, rows - row);
                Span<T> into = y.Writable<T>().Slice(row * inner, taken * inner);
                Segments.Map<T, Elementwise.SubtractLanes>(
                    x.Elements<T>().Slice(row * inner, taken * inner), shift.Elements<T>(), segments.AsSpan().Slice(row, taken), inner, into);
                Elementwise.Exp(into, into);
            }
        }
    }

    // max(1, rows of the segment): what a sum is divided by.
    private readonly struct SegmentSizeKernel(Indices segments, Tensor y) : INotedKernel
    {
        public OperationNote Note => new("SegmentSize", ("segments", segments));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            Span<T> sizes = y.Writable<T>();
            sizes.Clear();
            foreach (int segment in segments.AsSpan())
            {
                sizes[segment] += T.One;
            }

            foreach (ref T size in sizes)
            {
                size = T.Max(size, T.One);
            }
        }
    }
}
