using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The tensors one after the other along an axis they have.</summary>
    /// <param name="parts">At least one; equal shapes but for the axis.</param>
    /// <exception cref="ShapeException">Ranks, or lengths of other axes, differ.</exception>
    public static Tensor Concat(ReadOnlySpan<Tensor> parts, int axis = 0)
    {
        if (parts.IsEmpty)
        {
            throw new ArgumentException("Concat needs at least one tensor.", nameof(parts));
        }

        Tensor first = parts[0];
        int normal = first.Shape.Axis(axis), total = 0;
        foreach (Tensor part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            first.RequireSameType(part);
            bool fits = part.Rank == first.Rank;
            for (int i = 0; fits && i < first.Rank; i++)
            {
                fits = i == normal || part.Shape[i] == first.Shape[i];
            }

            if (!fits)
            {
                throw ShapeException.Pair("Concat", first.Shape, part.Shape, $"they may differ along axis {normal} only.");
            }

            total += part.Shape[normal];
        }

        if (parts.Length == 1)
        {
            return first;
        }

        (int outer, _, int inner) = first.Shape.Around(normal);
        Tensor y = Allocate(first.Shape.With(normal, total), first.DType);
        int start = 0;
        foreach (Tensor part in parts)
        {
            int length = part.Shape[normal];
            Kernel.Run(new StrideKernel(part, y, new Stride(outer, total, inner, start, length, Step: 1), Puts: true), y, part);
            start += length;
        }

        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                int from = 0;
                for (int i = 0; i < pull.Inputs.Length; i++)
                {
                    int length = pull.Inputs[i].Shape[normal];
                    if (pull.Wanted[i])
                    {
                        pull.Set(i, gradient.Slice(normal, from, length));
                    }

                    from += length;
                }
            },
            parts.ToArray());
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    /// <param name="axis">Position of the new axis in the result; negative counts from its last.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Stack(ReadOnlySpan<Tensor> parts, int axis = 0)
    {
        var wide = new Tensor[parts.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            if (parts[i].Shape != parts[0].Shape)
            {
                throw ShapeException.Pair("Stack", parts[0].Shape, parts[i].Shape, "they must be equal.");
            }

            wide[i] = parts[i].ExpandAxis(axis);
        }

        return Concat(wide, axis);
    }

    /// <summary>A new axis of length 1; no copy.</summary>
    /// <param name="axis">Its position in the result; negative counts from the result's last axis.</param>
    public Tensor ExpandAxis(int axis)
    {
        int normal = axis < 0 ? axis + Rank + 1 : axis;
        if ((uint)normal > (uint)Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Shape {Shape} has no place for such an axis.");
        }

        ReadOnlySpan<int> lengths = Shape.Lengths;
        return Reshape(new Shape([.. lengths[..normal], 1, .. lengths[normal..]]));
    }

    /// <summary>Without an axis of length 1; no copy.</summary>
    /// <exception cref="ShapeException">The axis has another length.</exception>
    public Tensor DropAxis(int axis)
    {
        int normal = Shape.Axis(axis);
        if (Shape[normal] != 1)
        {
            throw new ShapeException($"DropAxis: axis {axis} of shape {Shape} has length {Shape[normal]}, expected 1.");
        }

        ReadOnlySpan<int> lengths = Shape.Lengths;
        return Reshape(new Shape([.. lengths[..normal], .. lengths[(normal + 1)..]]));
    }
}
