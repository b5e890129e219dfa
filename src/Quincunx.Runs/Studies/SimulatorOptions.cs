namespace Quincunx.Runs.Studies;

/// <summary>The values of a simulator's options, defaults filled in.</summary>
public sealed class SimulatorOptions
{
    private readonly IReadOnlyDictionary<string, object> _values;

    /// <param name="values">A double, long, bool or string for each name.</param>
    public SimulatorOptions(IReadOnlyDictionary<string, object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = values;
        All = [.. values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (v.Key, v.Value))];
    }

    public static SimulatorOptions None { get; } = new(new Dictionary<string, object>(StringComparer.Ordinal));

    /// <summary>Sorted by name, for hashing and display.</summary>
    public IReadOnlyList<(string Name, object Value)> All { get; }

    /// <exception cref="ArgumentException">There is no such option of this type: a mistake in the catalogue.</exception>
    public double Number(string name) => Get<double>(name);

    /// <inheritdoc cref="Number"/>
    public long Integer(string name) => Get<long>(name);

    /// <inheritdoc cref="Number"/>
    public bool Boolean(string name) => Get<bool>(name);

    /// <inheritdoc cref="Number"/>
    public string Text(string name) => Get<string>(name);

    private T Get<T>(string name) => _values.TryGetValue(name, out object? value) && value is T typed
        ? typed
        : throw new ArgumentException($"Expected an option '{name}' of type {typeof(T).Name}, got {value ?? "nothing"}.", nameof(name));
}
