namespace Quincunx.Runs.Onnx;

/// <summary>A value of a graph. Numbers are kept as float64, which holds every number of the other types that occurs in a graph exactly.</summary>
public sealed class OnnxTensor
{
    /// <param name="values">Row-major. Rounded here to <paramref name="type"/>; taken over where it is float64.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public OnnxTensor(OnnxType type, IReadOnlyList<int> shape, double[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        long count = shape.Aggregate(1L, (product, length) => product * length);
        if (shape.Any(length => length < 0) || count != values.Length)
        {
            throw new ArgumentException($"Expected {count} values for shape [{string.Join(", ", shape)}], got {values.Length}.", nameof(values));
        }

        (Type, Shape) = (type, [.. shape]);
        Values = type == OnnxType.Float32 ? Array.ConvertAll(values, v => (double)(float)v) : values;
    }

    public OnnxType Type { get; }

    /// <summary>Lengths of the axes; empty for a single number.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Row-major; truth is 1 and falsehood 0.</summary>
    public double[] Values { get; }

    public int Count => Values.Length;

    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
