using System.Diagnostics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Replays;

namespace Quincunx.Numerics.Tensors;

/// <summary>An immutable, contiguous, row-major array of float32 or float64 with any number of axes.</summary>
/// <remarks>
/// Every operation runs at once and makes a new tensor. Where an input is tracked (<see cref="Track"/>), the operation is also
/// recorded, and <see cref="Gradient.Of(Tensor, IReadOnlyList{Tensor}, bool)"/> differentiates through the record. Shapes broadcast as in
/// NumPy: axes are matched from the last, and an axis of length 1 repeats. Operands must have one element type.
/// Memory follows <see cref="TensorScope"/>.
/// </remarks>
public sealed partial class Tensor
{
    // Bytes from the storage's first to the first element's.
    private readonly int _start;

    internal Tensor(Shape shape, DType dtype, Storage storage, int start = 0, bool leaf = false)
    {
        _start = start;
        Shape = shape;
        DType = dtype;
        Storage = storage;
        IsTracked = leaf;
    }

    public Shape Shape { get; }

    public DType DType { get; }

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Count;

    /// <summary>Whether derivatives with respect to this tensor, or through it, are recorded.</summary>
    public bool IsTracked { get; private set; }

    internal Storage Storage { get; }

    /// <summary>Place of the first element in the storage, in elements.</summary>
    internal int FirstElement => _start / SizeOf(DType);

    internal Node? Node { get; private set; }

    /// <summary>Elements in row-major order.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, as <see cref="DType"/> says.</typeparam>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        ReplayRecorder.SeenByHost("the elements of a tensor were read", this);
        return Writable<T>();
    }

    /// <summary>The single element of a tensor of one element.</summary>
    /// <exception cref="ShapeException">There is not exactly one.</exception>
    public double ToScalar()
    {
        if (Count != 1)
        {
            throw new ShapeException($"Expected a single element, got shape {Shape}.");
        }

        return DType == DType.Float32 ? AsSpan<float>()[0] : AsSpan<double>()[0];
    }

    /// <summary>A copy of the elements, widened to float64, in row-major order.</summary>
    public double[] ToArray()
    {
        double[] values = new double[Count];
        if (DType == DType.Float64)
        {
            AsSpan<double>().CopyTo(values);
        }
        else
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(AsSpan<float>(), values.AsSpan());
        }

        return values;
    }

    /// <summary>The same values as a leaf of the derivative record: what <see cref="Gradient"/> differentiates with respect to.</summary>
    public Tensor Track() => new(Shape, DType, Storage, _start, leaf: true);

    /// <summary>The same values without their history: a constant to differentiation.</summary>
    public Tensor Detach() => IsTracked ? new Tensor(Shape, DType, Storage, _start) : this;

    /// <summary>Shape and type, and the elements where they are few.</summary>
    public override string ToString() =>
        Count <= 16 ? $"{DType}{Shape} {{{string.Join(", ", ToArray())}}}" : $"{DType}{Shape}";

    /// <summary>Elements of the same memory, as they follow each other from element <paramref name="from"/> on; not recorded.</summary>
    internal Tensor View(Shape shape, int from = 0) => new(shape, DType, Storage, _start + (from * SizeOf(DType)));

    internal static Tensor Allocate(Shape shape, DType dtype) =>
        new(shape, dtype, TensorScope.Allocate(checked(shape.Count * SizeOf(dtype))));

    internal static int SizeOf(DType dtype) => dtype == DType.Float32 ? sizeof(float) : sizeof(double);

    /// <summary>The elements, for a kernel that reads them as one of the inputs it was given to <see cref="Kernel"/> with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<T> Elements<T>()
        where T : unmanaged => Writable<T>();

    /// <summary>The elements, for the kernel that fills a tensor it has just allocated, and for optimisers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> Writable<T>()
        where T : unmanaged
    {
        if (typeof(T) != (DType == DType.Float32 ? typeof(float) : typeof(double)))
        {
            throw new InvalidOperationException($"The elements are {DType}, not {typeof(T).Name}.");
        }

        return Storage.Span<T>(_start, Count);
    }

    /// <summary>Adds how the values came about to a tensor that has just been made.</summary>
    internal Tensor Recorded(Node node)
    {
        Debug.Assert(!IsTracked, "Only a fresh tensor may be given a history.");
        Node = node;
        IsTracked = true;
        return this;
    }

    internal void RequireSameType(Tensor other, [CallerMemberName] string operation = "")
    {
        if (DType != other.DType)
        {
            throw new ArgumentException($"{operation}: operands are {DType} and {other.DType}; convert one with To.");
        }
    }
}
