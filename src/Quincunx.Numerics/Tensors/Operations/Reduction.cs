using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    private static Tensor Reduce<TReduction>(Tensor x, int[]? axes, bool keepAxes)
        where TReduction : struct, IReduction
    {
        Span<bool> reduced = stackalloc bool[x.Rank];
        x.MarkAxes(axes, reduced);
        int[] kept = [.. x.Shape.Lengths];
        Tensor y = x;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            // Neighbouring axes are reduced in one go.
            int from = axis;
            for (; axis < x.Rank && reduced[axis]; axis++)
            {
                kept[axis] = 1;
            }

            if (axis > from)
            {
                y = ReduceAxes<TReduction>(y, from, axis, new Shape(kept));
            }
        }

        if (ReferenceEquals(y, x))
        {
            return x;
        }

        Shape shape = y.Shape;
        if (!keepAxes)
        {
            y = y.View(Without(shape, reduced));
        }

        return Recording.Of(
            y,
            (output, gradient, pull) => pull.Set(0, TReduction.Backward(pull.Inputs[0], output.Reshape(shape), gradient.Reshape(shape))),
            x);
    }

    private static Tensor ReduceAxes<TReduction>(Tensor x, int from, int to, Shape shape)
        where TReduction : struct, IReduction
    {
        int outer = 1, length = 1, inner = 1;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (axis < from)
            {
                outer *= x.Shape[axis];
            }
            else if (axis < to)
            {
                length *= x.Shape[axis];
            }
            else
            {
                inner *= x.Shape[axis];
            }
        }

        if (length == 0 && outer * inner > 0 && !TReduction.AllowsEmpty)
        {
            throw new ShapeException($"{TReduction.Name}: shape {x.Shape} has nothing along the axes that shape {shape} reduces.");
        }

        Tensor y = Allocate(shape, x.DType);
        return Kernel.Run(new ReductionKernel<TReduction>(x, y, outer, length, inner, from, to), y, x);
    }

    private readonly struct ReductionKernel<TReduction>(Tensor x, Tensor y, int outer, int length, int inner, int from, int to) : INotedKernel
        where TReduction : struct, IReduction
    {
        public OperationNote Note => new(TReduction.Name, ("axes", Enumerable.Range(from, to - from).ToArray()));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => TReduction.Forward(x.Elements<T>(), y.Writable<T>(), outer, length, inner);
    }

    /// <summary>Marks the axes that a reduction takes; null means all.</summary>
    private void MarkAxes(int[]? axes, Span<bool> reduced)
    {
        if (axes is null)
        {
            reduced.Fill(value: true);
            return;
        }

        reduced.Clear();
        foreach (int axis in axes)
        {
            int normal = Shape.Axis(axis);
            if (reduced[normal])
            {
                throw new ArgumentException($"Axis {axis} of shape {Shape} is named twice.", nameof(axes));
            }

            reduced[normal] = true;
        }
    }

    private static Shape Without(Shape shape, ReadOnlySpan<bool> dropped)
    {
        Span<int> lengths = stackalloc int[shape.Rank];
        int rank = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (!dropped[axis])
            {
                lengths[rank++] = shape[axis];
            }
        }

        return rank == 0 ? Shape.Scalar : new Shape(lengths[..rank]);
    }

    // How many elements a reduction over these axes takes together.
    private int CountAlong(int[]? axes)
    {
        Span<bool> reduced = stackalloc bool[Rank];
        MarkAxes(axes, reduced);
        int count = 1;
        for (int axis = 0; axis < Rank; axis++)
        {
            count *= reduced[axis] ? Shape[axis] : 1;
        }

        return count;
    }
}
