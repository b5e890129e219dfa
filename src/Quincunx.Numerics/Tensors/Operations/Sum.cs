using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>Sum over some axes; an empty axis sums to 0.</summary>
    /// <param name="axes">Which axes; null for all. Negative ones count from the last.</param>
    /// <param name="keepAxes">Keep the summed axes with length 1.</param>
    public Tensor Sum(int[]? axes = null, bool keepAxes = false)
    {
        bool[] reduced = Reduced(axes);
        Tensor sum = this;
        using (Recording.Off())
        {
            for (int axis = 0; axis < Rank; axis++)
            {
                // Neighbouring reduced axes are summed in one go.
                int end = axis;
                while (end < Rank && reduced[end])
                {
                    end++;
                }

                if (end > axis)
                {
                    sum = SumAxes(sum, axis, end);
                    axis = end;
                }
            }
        }

        if (ReferenceEquals(sum, this))
        {
            return this;
        }

        Shape kept = sum.Shape;
        Tensor result = keepAxes ? sum : sum.Reshape(Drop(kept, reduced));
        return Recording.Of(
            result,
            (_, gradient, pull) => pull.Set(0, gradient.Reshape(kept).BroadcastTo(pull.Inputs[0].Shape)),
            this);
    }

    /// <summary>Sum over one axis.</summary>
    public Tensor Sum(int axis, bool keepAxes = false) => Sum([axis], keepAxes);

    /// <summary>Which axes a reduction takes, checked.</summary>
    private bool[] Reduced(int[]? axes)
    {
        bool[] reduced = new bool[Rank];
        if (axes is null)
        {
            Array.Fill(reduced, value: true);
            return reduced;
        }

        foreach (int axis in axes)
        {
            int normal = Shape.Axis(axis);
            if (reduced[normal])
            {
                throw new ArgumentException($"Axis {axis} of shape {Shape} is named twice.", nameof(axes));
            }

            reduced[normal] = true;
        }

        return reduced;
    }

    private static Shape Drop(Shape shape, bool[] reduced)
    {
        List<int> lengths = [];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (!reduced[axis])
            {
                lengths.Add(shape[axis]);
            }
        }

        return new Shape([.. lengths]);
    }

    private static Tensor SumAxes(Tensor x, int from, int to)
    {
        int outer = 1, length = 1, inner = 1;
        int[] lengths = [.. x.Shape.Lengths];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            if (axis < from)
            {
                outer *= lengths[axis];
            }
            else if (axis < to)
            {
                length *= lengths[axis];
                lengths[axis] = 1;
            }
            else
            {
                inner *= lengths[axis];
            }
        }

        Tensor y = Allocate(new Shape(lengths), x.DType);
        if (x.DType == DType.Float32)
        {
            SumKernel(x.AsSpan<float>(), y.Writable<float>(), outer, length, inner);
        }
        else
        {
            SumKernel(x.AsSpan<double>(), y.Writable<double>(), outer, length, inner);
        }

        return y;
    }

    private static void SumKernel<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int o = 0; o < outer; o++)
        {
            if (inner == 1)
            {
                y[o] = TensorPrimitives.Sum(x.Slice(o * length, length));
                continue;
            }

            Span<T> row = y.Slice(o * inner, inner);
            row.Clear();
            for (int i = 0; i < length; i++)
            {
                TensorPrimitives.Add(row, x.Slice(((o * length) + i) * inner, inner), row);
            }
        }
    }
}
