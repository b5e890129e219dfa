using System.Numerics;
using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The same elements in another shape; no copy.</summary>
    /// <param name="lengths">One of them may be -1: whatever is left.</param>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> lengths)
    {
        int open = lengths.IndexOf(-1);
        if (open < 0)
        {
            return Reshape(new Shape(lengths));
        }

        Span<int> filled = stackalloc int[lengths.Length];
        lengths.CopyTo(filled);
        filled[open] = 1;
        int rest = new Shape(filled).Count;
        filled[open] = rest == 0 ? 0 : Count / rest;
        return Reshape(new Shape(filled));
    }

    /// <summary>The same elements in another shape; no copy.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Count != Count)
        {
            throw ShapeException.Pair("Reshape", Shape, shape, $"{Count} elements do not fill {shape.Count}.");
        }

        return shape.Equals(Shape)
            ? this
            : Recording.Of(
                View(shape),
                static (_, gradient, pull) => pull.Set(0, gradient.Reshape(pull.Inputs[0].Shape)),
                this);
    }

    /// <summary>Repeats axes of length 1 until the shape is reached.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast to <paramref name="shape"/>.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Equals(Shape))
        {
            return this;
        }

        if (!Shape.Broadcast("BroadcastTo", Shape, shape).Equals(shape))
        {
            throw ShapeException.Pair("BroadcastTo", Shape, shape, "the first has axes that the second lacks.");
        }

        Tensor y = Allocate(shape, DType);
        Kernel.Run(new BroadcastKernel(this, y), y, this);
        return Recording.Of(y, static (_, gradient, pull) => pull.Set(0, gradient.SumTo(pull.Inputs[0].Shape)), this);
    }

    private readonly struct BroadcastKernel(Tensor x, Tensor y) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Broadcasting.Copy(x.Shape, x.Elements<T>(), y.Shape, y.Writable<T>());
    }

    /// <summary>Sums over the axes that broadcasting from <paramref name="shape"/> to this shape repeats: its transpose.</summary>
    /// <exception cref="ShapeException"><paramref name="shape"/> does not broadcast to this shape.</exception>
    public Tensor SumTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Equals(Shape))
        {
            return this;
        }

        if (!Shape.Broadcast("SumTo", shape, Shape).Equals(Shape))
        {
            throw ShapeException.Pair("SumTo", Shape, shape, "the second does not broadcast to the first.");
        }

        int added = Rank - shape.Rank, count = 0;
        Span<int> axes = stackalloc int[Rank];
        for (int axis = 0; axis < Rank; axis++)
        {
            if (axis < added || (shape[axis - added] == 1 && Shape[axis] != 1))
            {
                axes[count++] = axis;
            }
        }

        return Sum(axes[..count].ToArray(), keepAxes: true).Reshape(shape);
    }
}
