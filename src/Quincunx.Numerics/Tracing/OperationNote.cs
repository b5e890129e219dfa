using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Tracing;

/// <summary>What a kernel computes, for whoever translates it: a name, and the settings it was applied with. Shapes are those of its tensors.</summary>
/// <remarks>
/// A setting is a number, a whole number or several, a yes or no, <see cref="Indices"/> or a <see cref="Staircase"/>. None may depend on the length of
/// the batch: an axis is named, and not how many elements lie before it.
/// </remarks>
internal sealed class OperationNote
{
    private readonly (string Name, object? Value)[] _settings;

    public OperationNote(string name, params ReadOnlySpan<(string Name, object? Value)> settings)
    {
        Name = name;
        _settings = settings.ToArray();
    }

    public string Name { get; }

    /// <summary>Number of the input of which only a part is read, and the rest need not exist yet; -1 where there is none.</summary>
    public int PartlyRead { get; init; } = -1;

    public bool Flag(string setting) => Get<bool>(setting);

    public double Number(string setting) => Get<double>(setting);

    public int Int(string setting) => Get<int>(setting);

    public int[] Ints(string setting) => Get<int[]>(setting);

    public Indices Indices(string setting) => Get<Indices>(setting);

    public Staircase? Staircase(string setting) => Get<Staircase?>(setting);

    public double[] Numbers(string setting) => Get<double[]>(setting);

    /// <summary>The name of the first setting that differs, the empty text where the names do; null where the notes agree.</summary>
    public string? FirstDifference(OperationNote other)
    {
        if (Name != other.Name || _settings.Length != other._settings.Length)
        {
            return "";
        }

        for (int i = 0; i < _settings.Length; i++)
        {
            if (_settings[i].Name != other._settings[i].Name || !AreEqual(_settings[i].Value, other._settings[i].Value))
            {
                return _settings[i].Name;
            }
        }

        return null;
    }

    /// <summary>The name of an operation by its type: <c>ExpOperation</c> is Exp, and one generic in its lanes has the name of these.</summary>
    public static string NameOf(Type operation)
    {
        Type named = operation.IsGenericType && operation.Name.StartsWith("ComparisonOperation", StringComparison.Ordinal) ? operation.GenericTypeArguments[0] : operation;
        string name = named.Name;
        int generic = name.IndexOf('`', StringComparison.Ordinal);
        name = generic < 0 ? name : name[..generic];
        foreach (string ending in (ReadOnlySpan<string>)["Operation", "Kernel", "Lanes", "Reduction"])
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return name[..^ending.Length];
            }
        }

        return name;
    }

    /// <summary>Of an operation on a tensor and a number: <c>LessNumber</c> beside <c>Less</c> of two tensors.</summary>
    public static OperationNote WithNumber(Type operation, double number)
    {
        string name = NameOf(operation);
        return new OperationNote(name.EndsWith("Number", StringComparison.Ordinal) ? name : name + "Number", ("number", number));
    }

    private T Get<T>(string setting)
    {
        foreach ((string name, object? value) in _settings)
        {
            if (name == setting)
            {
                return (T)value!;
            }
        }

        throw new ArgumentException($"Operation {Name} has no setting '{setting}'.", nameof(setting));
    }

    private static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (int[] x, int[] y) => x.AsSpan().SequenceEqual(y),
        (double[] x, double[] y) => x.AsSpan().SequenceEqual(y),
        (Indices x, Indices y) => x.Shape == y.Shape && x.AsSpan().SequenceEqual(y.AsSpan()),
        (Staircase x, Staircase y) => x.Columns == y.Columns && x.Lengths.SequenceEqual(y.Lengths),
        _ => Equals(a, b),
    };
}
