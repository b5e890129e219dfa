namespace Quincunx.Numerics.Tensors;

/// <summary>Lengths of a tensor's axes, outermost first; the empty shape is a scalar. Immutable.</summary>
public sealed class Shape : IEquatable<Shape>
{
    private readonly int[] _lengths;

    /// <exception cref="ArgumentOutOfRangeException">A length is negative, or the product exceeds 2³¹ - 1.</exception>
    public Shape(params ReadOnlySpan<int> lengths)
    {
        long count = 1;
        foreach (int length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(lengths));
            count *= length;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue, nameof(lengths));
        }

        _lengths = lengths.ToArray();
        Count = (int)count;
    }

    /// <summary>The shape <c>[]</c>.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>Number of axes.</summary>
    public int Rank => _lengths.Length;

    /// <summary>Number of elements: the product of the lengths, 1 for a scalar.</summary>
    public int Count { get; }

    public ReadOnlySpan<int> Lengths => _lengths;

    /// <param name="axis">From 0, or from -1 for the last.</param>
    public int this[int axis] => _lengths[axis < 0 ? axis + Rank : axis];

    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Shape? left, Shape? right) => !(left == right);

    public bool Equals(Shape? other) =>
        other is not null && (ReferenceEquals(this, other) || Lengths.SequenceEqual(other.Lengths));

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int length in _lengths)
        {
            hash.Add(length);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>[2, 3]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _lengths)}]";

    /// <summary>The axis counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    internal int Axis(int axis)
    {
        int normal = axis < 0 ? axis + Rank : axis;
        if ((uint)normal >= (uint)Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Shape {this} has no such axis.");
        }

        return normal;
    }

    /// <summary>The shape both broadcast to: axes are matched from the last; lengths agree or one of them is 1.</summary>
    internal static Shape Broadcast(string operation, Shape a, Shape b) => Broadcast(operation, a, b, a, b);

    /// <summary>The shape that the axes before the last two broadcast to: those of a batch of matrices.</summary>
    internal static Shape BroadcastOuter(string operation, Shape a, Shape b, out Shape outerA, out Shape outerB)
    {
        (outerA, outerB) = (a.Rank == 2 ? Scalar : new Shape(a.Lengths[..^2]), b.Rank == 2 ? Scalar : new Shape(b.Lengths[..^2]));
        return Broadcast(operation, outerA, outerB, a, b);
    }

    // The whole shapes are for the message.
    private static Shape Broadcast(string operation, Shape a, Shape b, Shape wholeA, Shape wholeB)
    {
        if (a.Equals(b))
        {
            return a;
        }

        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> lengths = stackalloc int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Rank ? a[^i] : 1, y = i <= b.Rank ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
            {
                int axis = i + wholeA.Rank - a.Rank;
                throw ShapeException.Pair(operation, wholeA, wholeB, $"lengths {x} and {y} of axis -{axis} differ and neither is 1.");
            }

            lengths[^i] = x == 1 ? y : x;
        }

        return lengths.SequenceEqual(a.Lengths) ? a : lengths.SequenceEqual(b.Lengths) ? b : new Shape(lengths);
    }

    /// <summary>This shape seen as [outer, length, inner] about one axis.</summary>
    internal (int Outer, int Length, int Inner) Around(int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < axis; i++)
        {
            outer *= _lengths[i];
        }

        for (int i = axis + 1; i < Rank; i++)
        {
            inner *= _lengths[i];
        }

        return (outer, _lengths[axis], inner);
    }

    /// <summary>The axis about which this shape looks like that: the first one, where axes of length 1 leave a choice.</summary>
    internal int AxisAround(int outer, int length, int inner)
    {
        for (int axis = 0; axis < Rank; axis++)
        {
            if (Around(axis) == (outer, length, inner))
            {
                return axis;
            }
        }

        throw new ArgumentException($"Shape {this} has no axis with {outer} positions before, {length} along and {inner} behind it.", nameof(length));
    }

    /// <summary>This shape with one axis set to another length.</summary>
    internal Shape With(int axis, int length)
    {
        int[] lengths = [.. _lengths];
        lengths[axis] = length;
        return new Shape(lengths);
    }

    // Index from the end, so that [^1] is the last axis.
    internal int this[Index index] => _lengths[index];
}
