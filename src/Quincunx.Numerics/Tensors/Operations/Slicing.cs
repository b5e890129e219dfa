using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Positions <c>start, start + step, …</c> along one axis; a copy unless they lie side by side in memory.</summary>
    /// <param name="start">First position; negative counts from the end.</param>
    /// <param name="count">How many; null: as many as there are.</param>
    /// <param name="step">Not 0; negative walks backwards.</param>
    /// <exception cref="ArgumentOutOfRangeException">A position is outside the axis.</exception>
    public Tensor Slice(int axis, int start, int? count = null, int step = 1)
    {
        int normal = Shape.Axis(axis), length = Shape[normal];
        int first = start < 0 ? start + length : start;
        ArgumentOutOfRangeException.ThrowIfZero(step);
        int room = step > 0 ? length - first : first + 1;
        int taken = count ?? (Math.Max(0, room) + Math.Abs(step) - 1) / Math.Abs(step);
        long last = first + ((long)(taken - 1) * step);
        if (taken < 0 || first < 0 || first > length || (taken > 0 && (first == length || last < 0 || last >= length)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"{taken} positions from {start} in steps of {step} leave axis {axis} of shape {Shape}.");
        }

        if (taken == length && step == 1)
        {
            return this;
        }

        return Strided(normal, first, taken, step);
    }

    /// <summary>The position <paramref name="index"/> of one axis, without that axis; negative counts from the end.</summary>
    public Tensor At(int axis, int index)
    {
        int normal = Shape.Axis(axis);
        Tensor slice = Slice(normal, index, count: 1);
        Span<bool> dropped = stackalloc bool[Rank];
        dropped.Clear();
        dropped[normal] = true;
        return slice.Reshape(Without(slice.Shape, dropped));
    }

    /// <summary>The axis in reverse.</summary>
    public Tensor Flip(int axis) => Shape[Shape.Axis(axis)] == 0 ? this : Slice(axis, -1, step: -1);

    /// <summary>Consecutive pieces along one axis.</summary>
    /// <param name="lengths">Length of each piece; together that of the axis.</param>
    /// <exception cref="ShapeException">The lengths do not add up.</exception>
    public Tensor[] Split(int axis, params ReadOnlySpan<int> lengths)
    {
        int normal = Shape.Axis(axis), start = 0;
        foreach (int length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(lengths));
            start += length;
        }

        if (start != Shape[normal])
        {
            throw new ShapeException($"Split: pieces [{string.Join(", ", lengths.ToArray())}] do not add up to axis {axis} of shape {Shape}.");
        }

        var pieces = new Tensor[lengths.Length];
        start = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = Slice(normal, start, lengths[i]);
            start += lengths[i];
        }

        return pieces;
    }

    /// <summary>Overwrites a part of a tensor that nobody else has seen yet with this one; not recorded.</summary>
    /// <param name="target">As many elements as this tensor has.</param>
    internal void CopyInto(Tensor target) => Kernel.Run(new StrideKernel(this, target, new Stride(1, Count, 1, 0, Count, 1), Puts: true), target, this);

    private Tensor Strided(int axis, int first, int count, int step)
    {
        (int outer, int length, int inner) = Shape.Around(axis);
        Shape shape = Shape.With(axis, count);
        if (step == 1 && outer == 1)
        {
            return Recording.Of(
                View(shape, first * inner), (_, gradient, pull) => pull.Set(0, gradient.Spread(axis, first, step, pull.Inputs[0].Shape)), this);
        }

        Tensor y = Allocate(shape, DType);
        Kernel.Run(new StrideKernel(this, y, new Stride(outer, length, inner, first, count, step), Puts: false), y, this);
        return Recording.Of(
            y, (_, gradient, pull) => pull.Set(0, gradient.Spread(axis, first, step, pull.Inputs[0].Shape)), this);
    }

    /// <summary>Zeros, but for this tensor at positions first, first + step, … of the axis: the transpose of a slice.</summary>
    private Tensor Spread(int axis, int first, int step, Shape shape)
    {
        (int outer, int length, int inner) = shape.Around(axis);
        int count = Shape[axis];
        Tensor y = Zeros(shape, DType);
        Kernel.Run(new StrideKernel(this, y, new Stride(outer, length, inner, first, count, step), Puts: true), y, this);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, gradient.Strided(axis, first, count, step)), this);
    }

    // Positions first, first + step, … of an axis of [outer, length, inner].
    private readonly record struct Stride(int Outer, int Length, int Inner, int First, int Count, int Step);

    // Between strided positions of the long tensor and the short one; what lies between is left alone.
    private readonly record struct StrideKernel(Tensor X, Tensor Y, Stride S, bool Puts) : INotedKernel
    {
        // An empty part has no place of its own, and one that is the whole needs none.
        public OperationNote Note => (Puts, X.Count == Y.Count) switch
        {
            (true, true) => new("Copy"),
            (true, false) when X.Count == 0 => new("Nothing"),
            (true, false) => new("Put", ("axis", Y.Shape.AxisAround(S.Outer, S.Length, S.Inner)), ("first", S.First), ("step", S.Step)),
            _ => new("Take", ("axis", X.Shape.AxisAround(S.Outer, S.Length, S.Inner)), ("first", S.First), ("step", S.Step)),
        };

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Puts)
            {
                PutKernel(X.Elements<T>(), Y.Writable<T>(), S.Outer, S.Length, S.Inner, S.First, S.Count, S.Step);
            }
            else
            {
                TakeKernel(X.Elements<T>(), Y.Writable<T>(), S.Outer, S.Length, S.Inner, S.First, S.Count, S.Step);
            }
        }
    }

    private static void TakeKernel<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner, int first, int count, int step)
        where T : unmanaged
    {
        for (int o = 0; o < outer; o++)
        {
            if (step == 1 && count > 0)
            {
                x.Slice(((o * length) + first) * inner, count * inner).CopyTo(y[(o * count * inner)..]);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                x.Slice(((o * length) + first + (i * step)) * inner, inner).CopyTo(y[(((o * count) + i) * inner)..]);
            }
        }
    }

    private static void PutKernel<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner, int first, int count, int step)
        where T : unmanaged
    {
        for (int o = 0; o < outer; o++)
        {
            if (step == 1 && count > 0)
            {
                x.Slice(o * count * inner, count * inner).CopyTo(y[(((o * length) + first) * inner)..]);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                x.Slice(((o * count) + i) * inner, inner).CopyTo(y[(((o * length) + first + (i * step)) * inner)..]);
            }
        }
    }
}
