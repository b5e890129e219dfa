using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Quincunx.Numerics.Tensors;

/// <summary>Arrays by name, in the order they were added: what weights, optimiser state and checkpoints are exported as.</summary>
/// <remarks>Entries are copies that no scope owns and that keep every bit, so state can be written, read and resumed exactly.</remarks>
public sealed class NamedTensors : IReadOnlyCollection<KeyValuePair<string, Tensor>>
{
    private readonly List<KeyValuePair<string, Tensor>> _entries = [];
    private readonly Dictionary<string, Tensor> _byName = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    /// <summary>Adds a copy of the values.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_byName.ContainsKey(name))
        {
            throw new ArgumentException($"There is already an array named '{name}'.", nameof(name));
        }

        Tensor copy = values.CopyUnpooled();
        _byName.Add(name, copy);
        _entries.Add(KeyValuePair.Create(name, copy));
    }

    /// <summary>Adds a float64 vector.</summary>
    public void Add(string name, ReadOnlySpan<double> values) => Add(name, Tensor.From(values, new Shape(values.Length)));

    /// <summary>Adds a float64 scalar; whole numbers are exact up to 2⁵³.</summary>
    public void Add(string name, double value) => Add(name, Tensor.Scalar(value, DType.Float64));

    /// <summary>Adds every entry of another set under <c>prefix.name</c>.</summary>
    public void AddSection(string prefix, NamedTensors section)
    {
        ArgumentNullException.ThrowIfNull(section);
        foreach ((string name, Tensor values) in section)
        {
            Add($"{prefix}.{name}", values);
        }
    }

    /// <summary>The entries named <c>prefix.name</c>, under <c>name</c>; empty where there are none.</summary>
    public NamedTensors Section(string prefix)
    {
        var section = new NamedTensors();
        foreach ((string name, Tensor values) in _entries)
        {
            if (name.Length > prefix.Length && name[prefix.Length] == '.' && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                section.Add(name[(prefix.Length + 1)..], values);
            }
        }

        return section;
    }

    /// <summary>The same entries, rounded to an element type.</summary>
    public NamedTensors To(DType dtype)
    {
        var converted = new NamedTensors();
        foreach ((string name, Tensor values) in _entries)
        {
            converted.Add(name, values.To(dtype));
        }

        return converted;
    }

    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? values) => _byName.TryGetValue(name, out values);

    /// <exception cref="StateException">There is no such entry.</exception>
    public Tensor Get(string name) =>
        _byName.TryGetValue(name, out Tensor? values) ? values : throw new StateException($"The stored state has no array '{name}'.");

    /// <summary>The entry, which must have this shape and type.</summary>
    /// <exception cref="StateException">There is no such entry, or it has another shape or type.</exception>
    public Tensor Get(string name, Shape shape, DType dtype)
    {
        Tensor values = Get(name);
        return values.Shape == shape && values.DType == dtype
            ? values
            : throw new StateException($"Array '{name}': expected {dtype}{shape}, stored {values.DType}{values.Shape}.");
    }

    /// <summary>A float64 scalar.</summary>
    /// <exception cref="StateException">There is no such entry, or it is no float64 scalar.</exception>
    public double GetScalar(string name) => Get(name, Shape.Scalar, DType.Float64).ToScalar();

    /// <summary>A whole number stored as a float64 scalar.</summary>
    /// <exception cref="StateException">There is no such entry, or it is no whole number.</exception>
    public long GetInteger(string name)
    {
        double value = GetScalar(name);
        return double.IsInteger(value) && Math.Abs(value) <= 1L << 53
            ? (long)value
            : throw new StateException($"Array '{name}': expected a whole number, stored {value:R}.");
    }

    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
