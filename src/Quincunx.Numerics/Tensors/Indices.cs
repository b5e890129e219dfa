namespace Quincunx.Numerics.Tensors;

/// <summary>An immutable array of whole numbers that pick positions along a tensor's axis.</summary>
public sealed class Indices
{
    private readonly int[] _values;

    private Indices(int[] values, Shape shape)
    {
        _values = values;
        Shape = shape;
    }

    /// <summary>A copy of the values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static Indices From(ReadOnlySpan<int> values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return values.Length == shape.Count
            ? new Indices(values.ToArray(), shape)
            : throw new ShapeException($"Expected {shape.Count} indices for shape {shape}, got {values.Length}.");
    }

    /// <summary>A copy, as one axis.</summary>
    public static implicit operator Indices(int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From(values, new Shape(values.Length));
    }

    public Shape Shape { get; }

    public int Count => Shape.Count;

    /// <param name="position">In row-major order.</param>
    public int this[int position] => _values[position];

    public ReadOnlySpan<int> AsSpan() => _values;

    /// <summary>The same indices in another shape; no copy.</summary>
    /// <exception cref="ShapeException">The number of indices differs.</exception>
    public Indices Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count == Count
            ? new Indices(_values, shape)
            : throw ShapeException.Pair("Reshape", Shape, shape, $"{Count} indices do not fill {shape.Count}.");
    }

    public override string ToString() => Count <= 16 ? $"Indices{Shape} {{{string.Join(", ", _values)}}}" : $"Indices{Shape}";

    /// <summary>Takes the array over without a copy; nobody else may write to it.</summary>
    internal static Indices Own(int[] values, Shape shape) => new(values, shape);

    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not below <paramref name="length"/>.</exception>
    internal void RequireBelow(int length, Shape shape, int axis)
    {
        foreach (int index in _values)
        {
            if ((uint)index >= (uint)length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(length), index, $"Index {index} is outside axis {axis} of shape {shape}, which has length {length}.");
            }
        }
    }
}
