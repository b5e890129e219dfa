using System.Numerics;
using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    // Side of the squares that a transposition copies: two of them fit the first cache.
    private const int Tile = 16;

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

    private readonly struct PermutationKernel(Tensor x, Tensor y, int[] order) : IKernel
    {
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

        int rank = order.Length;
        Span<int> stepsX = stackalloc int[rank], steps = stackalloc int[rank], index = stackalloc int[rank];
        int step = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            stepsX[axis] = step;
            step *= shapeX[axis];
        }

        for (int axis = 0; axis < rank; axis++)
        {
            steps[axis] = stepsX[order[axis]];
        }

        index.Clear();
        int columns = shapeY[rank - 1], stride = steps[rank - 1], offset = 0;
        if (rank >= 2 && order[rank - 1] == rank - 2 && order[rank - 2] == rank - 1)
        {
            int rows = shapeY[rank - 2];
            for (int at = 0; at < y.Length; at += rows * columns)
            {
                TransposeMatrix(x.Slice(offset, rows * columns), y.Slice(at, rows * columns), rows, columns);
                offset = Broadcasting.Advance(index[..^2], steps, shapeY, offset);
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

            offset = Broadcasting.Advance(index[..^1], steps, shapeY, offset);
        }
    }

    // y [rows, columns] from x [columns, rows].
    private static void TransposeMatrix<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns)
        where T : unmanaged
    {
        for (int top = 0; top < rows; top += Tile)
        {
            for (int left = 0; left < columns; left += Tile)
            {
                int bottom = Math.Min(top + Tile, rows), right = Math.Min(left + Tile, columns);
                for (int i = top; i < bottom; i++)
                {
                    for (int j = left; j < right; j++)
                    {
                        y[(i * columns) + j] = x[(j * rows) + i];
                    }
                }
            }
        }
    }
}
