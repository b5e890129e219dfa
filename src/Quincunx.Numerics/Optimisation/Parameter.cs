using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>An array that a module keeps: weights that an optimiser changes, or constants such as masks and scales.</summary>
/// <remarks>
/// The memory lives as long as the parameter and belongs to no scope. It is overwritten in place by optimisers and
/// <see cref="Assign(Tensor)"/>: a loss recorded before such a change must not be differentiated after it, since the record refers to
/// <see cref="Value"/> and would see the new numbers. Any number of threads may read and differentiate at once; nobody else may
/// while one overwrites.
/// </remarks>
public sealed class Parameter
{
    /// <param name="initial">Copied.</param>
    /// <param name="isTrained">Whether optimisers change it and derivatives reach it.</param>
    public Parameter(Tensor initial, bool isTrained = true)
    {
        ArgumentNullException.ThrowIfNull(initial);
        Tensor copy = initial.CopyUnpooled();
        IsTrained = isTrained;
        Value = isTrained ? copy.Track() : copy;
    }

    /// <summary>The current values: a tracked leaf if trained, else a constant. Always the same object.</summary>
    public Tensor Value { get; }

    public bool IsTrained { get; }

    public Shape Shape => Value.Shape;

    public DType DType => Value.DType;

    /// <summary>Number of elements.</summary>
    public int Count => Value.Count;

    /// <summary>Overwrites the values in place.</summary>
    /// <exception cref="ArgumentException">Another shape or element type.</exception>
    public void Assign(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ShapeException.ThrowUnless(values, Shape.Lengths);
        if (values.DType != DType)
        {
            throw new ArgumentException($"Expected {DType} values, got {values.DType}.", nameof(values));
        }

        values.Bytes.CopyTo(Value.Bytes);
    }

    /// <summary>Overwrites the values in place, rounded to the element type.</summary>
    /// <param name="values">Row-major, <see cref="Count"/> of them.</param>
    public void Assign(ReadOnlySpan<double> values) => Assign(Tensor.From(values, Shape, DType));
}
