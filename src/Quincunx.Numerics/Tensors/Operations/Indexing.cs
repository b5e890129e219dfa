using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Whole slices along one axis, in the order of the indices, which may repeat.</summary>
    /// <param name="indices">Shape <c>[n]</c>.</param>
    /// <returns>This shape with length n along the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the axis.</exception>
    public Tensor IndexSelect(int axis, Indices indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int normal = Shape.Axis(axis);
        RequireOneAxis("IndexSelect", indices);
        indices.RequireBelow(Shape[normal], Shape, normal);
        (int outer, int length, int inner) = Shape.Around(normal);
        Tensor y = Allocate(Shape.With(normal, indices.Count), DType);
        Kernel.Run(new SelectionKernel(this, y, indices, outer, length, inner), y, this);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                Tensor x = pull.Inputs[0];
                pull.Set(0, Zeros(x.Shape, x.DType).IndexAdd(normal, indices, gradient));
            },
            this);
    }

    /// <summary>This tensor with slices of <paramref name="source"/> added at the indices of one axis; repeated indices add up, in order.</summary>
    /// <param name="indices">Shape <c>[n]</c>.</param>
    /// <param name="source">This shape with length n along the axis.</param>
    public Tensor IndexAdd(int axis, Indices indices, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        RequireSameType(source);
        int normal = Shape.Axis(axis);
        RequireOneAxis("IndexAdd", indices);
        indices.RequireBelow(Shape[normal], Shape, normal);
        if (source.Shape != Shape.With(normal, indices.Count))
        {
            throw ShapeException.Pair("IndexAdd", Shape, source.Shape, $"the second needs length {indices.Count} along axis {normal} and else be equal.");
        }

        (int outer, int length, int inner) = Shape.Around(normal);
        Tensor y = Allocate(Shape, DType);
        Kernel.Run(new AdditionKernel(this, source, y, indices, outer, length, inner), y, this, source);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, gradient);
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, gradient.IndexSelect(normal, indices));
                }
            },
            this,
            source);
    }

    /// <summary>1 at each index and 0 elsewhere, along a new last axis.</summary>
    /// <param name="length">Length of the new axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not below the length.</exception>
    public static Tensor OneHot(Indices indices, int length, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var shape = new Shape([.. indices.Shape.Lengths, length]);
        indices.RequireBelow(length, shape, shape.Rank - 1);
        ReplayRecorder.SeenByHost("a tensor was made from indices");
        Tensor y = Zeros(shape, dtype);
        for (int i = 0; i < indices.Count; i++)
        {
            if (dtype == DType.Float32)
            {
                y.Writable<float>()[(i * length) + indices[i]] = 1;
            }
            else
            {
                y.Writable<double>()[(i * length) + indices[i]] = 1;
            }
        }

        return y;
    }

    private readonly struct SelectionKernel(Tensor x, Tensor y, Indices indices, int outer, int length, int inner) : INotedKernel
    {
        public OperationNote Note => new("IndexSelect", ("axis", x.Shape.AxisAround(outer, length, inner)), ("indices", indices));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            Slices.Select(x.Elements<T>(), y.Writable<T>(), indices.AsSpan(), outer, length, inner);
    }

    private readonly struct AdditionKernel(Tensor x, Tensor source, Tensor y, Indices indices, int outer, int length, int inner) : INotedKernel
    {
        public OperationNote Note => new("IndexAdd", ("axis", x.Shape.AxisAround(outer, length, inner)), ("indices", indices));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            x.Elements<T>().CopyTo(y.Writable<T>());
            Slices.Add(source.Elements<T>(), y.Writable<T>(), indices.AsSpan(), outer, length, inner);
        }
    }

    private void RequireOneAxis(string operation, Indices indices)
    {
        if (indices.Shape.Rank != 1)
        {
            throw ShapeException.Pair(operation, Shape, indices.Shape, "the indices need exactly one axis.");
        }
    }
}
