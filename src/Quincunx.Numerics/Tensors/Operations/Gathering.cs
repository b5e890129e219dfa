using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Element by element along one axis: <c>y[…, i, …] = x[…, indices[…, i, …], …]</c>.</summary>
    /// <param name="indices">This shape but for the length along the axis.</param>
    /// <returns>The indices' shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the axis.</exception>
    public Tensor Gather(int axis, Indices indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int normal = CheckIndices("Gather", axis, indices);
        (int outer, int length, int inner) = Shape.Around(normal);
        Tensor y = Allocate(indices.Shape, DType);
        Kernel.Run(new GatheringKernel(this, y, indices, outer, length, inner), y, this);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                Tensor x = pull.Inputs[0];
                pull.Set(0, Zeros(x.Shape, x.DType).ScatterAdd(normal, indices, gradient));
            },
            this);
    }

    /// <summary>This tensor with <c>source[…, i, …]</c> added at <c>[…, indices[…, i, …], …]</c>; repeated indices add up, in order.</summary>
    /// <param name="indices">This shape but for the length along the axis.</param>
    /// <param name="source">The indices' shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the axis.</exception>
    public Tensor ScatterAdd(int axis, Indices indices, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        RequireSameType(source);
        int normal = CheckIndices("ScatterAdd", axis, indices);
        if (source.Shape != indices.Shape)
        {
            throw ShapeException.Pair("ScatterAdd", indices.Shape, source.Shape, "indices and source must have one shape.");
        }

        (int outer, int length, int inner) = Shape.Around(normal);
        Tensor y = Allocate(Shape, DType);
        Kernel.Run(new ScatteringKernel(this, source, y, indices, outer, length, inner), y, this, source);
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
                    pull.Set(1, gradient.Gather(normal, indices));
                }
            },
            this,
            source);
    }

    private readonly struct GatheringKernel(Tensor x, Tensor y, Indices indices, int outer, int length, int inner) : INotedKernel
    {
        public OperationNote Note => new("Gather", ("axis", x.Shape.AxisAround(outer, length, inner)), ("indices", indices));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            GatherKernel(x.Elements<T>(), y.Writable<T>(), indices.AsSpan(), outer, length, inner, Along(indices, outer, inner));
    }

    private readonly struct ScatteringKernel(Tensor x, Tensor source, Tensor y, Indices indices, int outer, int length, int inner) : INotedKernel
    {
        public OperationNote Note => new("ScatterAdd", ("axis", x.Shape.AxisAround(outer, length, inner)), ("indices", indices));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            ScatterKernel(x.Elements<T>(), source.Elements<T>(), y.Writable<T>(), indices.AsSpan(), outer, length, inner, Along(indices, outer, inner));
    }

    // Length of the axis that is neither outer nor inner.
    private static int Along(Indices indices, int outer, int inner) => indices.Count == 0 ? 0 : indices.Count / outer / inner;

    private int CheckIndices(string operation, int axis, Indices indices)
    {
        int normal = Shape.Axis(axis);
        bool fits = indices.Shape.Rank == Rank;
        for (int i = 0; fits && i < Rank; i++)
        {
            fits = i == normal || indices.Shape[i] == Shape[i];
        }

        if (!fits)
        {
            throw ShapeException.Pair(operation, Shape, indices.Shape, $"tensor and indices may differ along axis {normal} only.");
        }

        indices.RequireBelow(Shape[normal], Shape, normal);
        return normal;
    }

    private static void GatherKernel<T>(ReadOnlySpan<T> x, Span<T> y, ReadOnlySpan<int> indices, int outer, int length, int inner, int count)
        where T : unmanaged
    {
        int at = 0;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < inner; j++, at++)
                {
                    y[at] = x[(((o * length) + indices[at]) * inner) + j];
                }
            }
        }
    }

    private static void ScatterKernel<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> source, Span<T> y, ReadOnlySpan<int> indices, int outer, int length, int inner, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        x.CopyTo(y);
        int at = 0;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < inner; j++, at++)
                {
                    y[(((o * length) + indices[at]) * inner) + j] += source[at];
                }
            }
        }
    }
}
