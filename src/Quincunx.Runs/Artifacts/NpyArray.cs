using System.Runtime.InteropServices;

namespace Quincunx.Runs.Artifacts;

/// <summary>An array with a shape, as NumPy's <c>.npy</c> holds it: row-major (C order), little-endian.</summary>
/// <remarks>Elements are <see cref="double"/>, <see cref="float"/>, <see cref="long"/>, <see cref="int"/>, <see cref="byte"/> or
/// <see cref="bool"/>; nothing is converted on the way.</remarks>
public sealed class NpyArray
{
    private readonly Array _data;

    private NpyArray(Array data, int[] shape, string descriptor)
    {
        (_data, Shape, Descriptor) = (data, shape, descriptor);
    }

    /// <summary>Lengths of the axes; empty for a single number.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>NumPy's name of the element type, such as <c>&lt;f8</c>.</summary>
    public string Descriptor { get; }

    /// <summary>Number of elements.</summary>
    public int Length => _data.Length;

    /// <summary>Wraps <paramref name="data"/> without a copy; a later change of it changes this array.</summary>
    /// <param name="data">Row-major.</param>
    /// <param name="shape">Its product is the length of <paramref name="data"/>; left out, the array has one axis.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or the element type is not one of those above.</exception>
    public static NpyArray Of<T>(T[] data, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] axes = shape.IsEmpty ? [data.Length] : shape.ToArray();
        long count = 1;
        foreach (int axis in axes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(axis, nameof(shape));
            count = checked(count * axis);
        }

        if (count != data.Length)
        {
            throw new ArgumentException($"Expected {count} elements for shape {Format(axes)}, got {data.Length}.", nameof(shape));
        }

        string descriptor = NpyFormat.DescriptorOf(typeof(T))
            ?? throw new ArgumentException($"Expected double, float, long, int, byte or bool elements, got {typeof(T).Name}.", nameof(data));
        return new NpyArray(data, axes, descriptor);
    }

    /// <summary>A single number, without axes.</summary>
    public static NpyArray Scalar(double value) => new(new[] { value }, [], "<f8");

    /// <summary>The elements themselves, not a copy.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public T[] Values<T>()
        where T : unmanaged =>
        _data as T[] ?? throw new InvalidOperationException($"Expected elements {NpyFormat.DescriptorOf(typeof(T))}, got {Descriptor}.");

    internal static NpyArray Create(Array data, int[] shape, string descriptor) => new(data, shape, descriptor);

    internal static string Format(IEnumerable<int> shape) =>
        "[" + string.Join(", ", shape.Select(n => n < 0 ? "*" : n.ToString(System.Globalization.CultureInfo.InvariantCulture))) + "]";

    /// <summary>Calls <paramref name="use"/> with the bytes of the elements, in pieces of at most 2²⁰ elements.</summary>
    internal void ForBytes(NpyFormat.SpanAction use)
    {
        switch (_data)
        {
            case double[] d: Pieces(d, use); break;
            case float[] f: Pieces(f, use); break;
            case long[] l: Pieces(l, use); break;
            case int[] i: Pieces(i, use); break;
            case byte[] b: Pieces(b, use); break;
            case bool[] o: Pieces(o, use); break;
            default: throw new InvalidOperationException($"Unexpected elements {_data.GetType()}.");
        }
    }

    private static void Pieces<T>(T[] data, NpyFormat.SpanAction use)
        where T : unmanaged
    {
        const int Piece = 1 << 20;
        for (int start = 0; start < data.Length; start += Piece)
        {
            use(MemoryMarshal.AsBytes(data.AsSpan(start, Math.Min(Piece, data.Length - start))));
        }
    }
}
