using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The axes in another order; a copy.</summary>
    /// <param name="axes">For each axis of the result, which axis of this tensor it is; none: all in reverse.</param>
    /// <exception cref="ShapeException">Not every axis is named exactly once.</exception>
    public Tensor Transpose(params ReadOnlySpan<int> axes)
    {
        Span<int> order = stackalloc int[Rank], back = stackalloc int[Rank];
        if (axes.IsEmpty)
        {
            for (int axis = 0; axis < Rank; axis++)
            {
                order[axis] = Rank - 1 - axis;
            }
        }
        else if (axes.Length != Rank)
        {
            throw new ShapeException($"Transpose: expected all {Rank} axes of shape {Shape}, got [{string.Join(", ", axes.ToArray())}].");
        }
        else
        {
            for (int axis = 0; axis < Rank; axis++)
            {
                order[axis] = Shape.Axis(axes[axis]);
            }
        }

        back.Fill(-1);
        bool inOrder = true;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (back[order[axis]] >= 0)
            {
                throw new ShapeException($"Transpose: axis {order[axis]} of shape {Shape} is named twice in [{string.Join(", ", axes.ToArray())}].");
            }

            back[order[axis]] = axis;
            inOrder &= order[axis] == axis;
        }

        if (inOrder)
        {
            return this;
        }

        Span<int> lengths = stackalloc int[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            lengths[axis] = Shape[order[axis]];
        }

        Tensor y = Allocate(new Shape(lengths), DType);
        Kernel.Run(new PermutationKernel(this, y, order.ToArray()), y, this);
        if (!IsTracked || !Recording.IsOn)
        {
            return y;
        }

        int[] inverse = back.ToArray();
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, gradient.Transpose(inverse)), this);
    }

    private readonly struct PermutationKernel(Tensor x, Tensor y, int[] order) : INotedKernel
    {
        public OperationNote Note => new("Transpose", ("order", order));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => PermuteKernel(x.Elements<T>(), x.Shape, y.Writable<T>(), y.Shape, order);
    }

    /// <summary>The last two axes exchanged; a copy.</summary>
    public Tensor MatrixTranspose()
    {
        if (Rank < 2)
        {
            throw new ShapeException($"MatrixTranspose: expected shape [..., m, n], got {Shape}.");
        }

        Span<int> order = stackalloc int[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            order[axis] = axis;
        }

        (order[^1], order[^2]) = (Rank - 2, Rank - 1);
        return Transpose(order);
    }

    private static void PermuteKernel<T>(ReadOnlySpan<T> x, Shape shapeX, Span<T> y, Shape shapeY, ReadOnlySpan<int> order)
        where T : unmanaged
    {
        if (y.IsEmpty)
        {
            return;
        }

        // Axes that stay neighbours are one axis, and those of length 1 are none.
        int rank = 0;
        Span<int> lengths = stackalloc int[order.Length], steps = stackalloc int[order.Length], index = stackalloc int[order.Length];
        for (int axis = 0; axis < order.Length; axis++)
        {
            int length = shapeY[axis], step = 1;
            for (int after = order[axis] + 1; after < order.Length; after++)
            {
                step *= shapeX[after];
            }

            if (length > 1)
            {
                bool joins = rank > 0 && steps[rank - 1] == step * length;
                rank += joins ? 0 : 1;
                lengths[rank - 1] = joins ? lengths[rank - 1] * length : length;
                steps[rank - 1] = step;
            }
        }

        if (rank < 2)
        {
            x.CopyTo(y);
            return;
        }

        index.Clear();
        int columns = lengths[rank - 1], stride = steps[rank - 1], offset = 0;
        if (steps[rank - 2] == 1 && stride == lengths[rank - 2])
        {
            // The last two axes of both are the same two: matrices.
            int block = stride * columns;
            for (int at = 0; at < y.Length; at += block)
            {
                Transposition.Run(x.Slice(offset, block), y.Slice(at, block), columns, stride);
                offset = Broadcasting.Advance(index[..(rank - 2)], steps, lengths, offset);
            }

            return;
        }

        for (int at = 0; at < y.Length; at += columns)
        {
            Span<T> row = y.Slice(at, columns);
            if (stride == 1)
            {
                x.Slice(offset, columns).CopyTo(row);
            }
            else
            {
                for (int i = 0; i < columns; i++)
                {
                    row[i] = x[offset + (i * stride)];
                }
            }

            offset = Broadcasting.Advance(index[..(rank - 1)], steps, lengths, offset);
        }
    }
}
