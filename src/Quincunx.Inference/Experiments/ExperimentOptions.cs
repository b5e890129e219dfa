namespace Quincunx.Inference.Experiments;

/// <summary>A value for each option of an experiment.</summary>
public sealed class ExperimentOptions
{
    private readonly Dictionary<string, object> _values;

    /// <param name="known">All options of the experiment.</param>
    /// <param name="given">Values of the options' types, in their ranges; those that are absent are the defaults.</param>
    /// <exception cref="ArgumentException">A name is unknown, or a value of another type.</exception>
    public ExperimentOptions(IReadOnlyList<ExperimentOption> known, IReadOnlyDictionary<string, object>? given = null)
    {
        ArgumentNullException.ThrowIfNull(known);
        _values = known.ToDictionary(o => o.Name, o => o.Default, StringComparer.Ordinal);
        foreach ((string name, object value) in given ?? new Dictionary<string, object>(StringComparer.Ordinal))
        {
            if (!_values.TryGetValue(name, out object? fallback) || fallback.GetType() != value.GetType())
            {
                throw new ArgumentException($"Expected {(fallback is null ? $"one of {string.Join(", ", _values.Keys)}" : fallback.GetType().Name)}, got {value} for '{name}'.", nameof(given));
            }

            _values[name] = value;
        }

        All = [.. _values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (v.Key, v.Value))];
    }

    /// <summary>Sorted by name, for hashing and display.</summary>
    public IReadOnlyList<(string Name, object Value)> All { get; }

    /// <exception cref="ArgumentException">There is no such option of this type.</exception>
    public double Number(string name) => Get<double>(name);

    /// <inheritdoc cref="Number"/>
    public int Integer(string name) => checked((int)Get<long>(name));

    /// <inheritdoc cref="Number"/>
    public string Text(string name) => Get<string>(name);

    private T Get<T>(string name) => _values.TryGetValue(name, out object? value) && value is T typed
        ? typed
        : throw new ArgumentException($"Expected an option '{name}' of type {typeof(T).Name}, got {value ?? "nothing"}.", nameof(name));
}
