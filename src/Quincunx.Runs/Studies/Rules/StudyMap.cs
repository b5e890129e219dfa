namespace Quincunx.Runs.Studies.Rules;

/// <summary>The valid entries of a mapping. Absent keys give their rule's default.</summary>
/// <remarks>An entry that broke its rule is missing here too; the study is not built then, and checks between keys ask with
/// <see cref="Find"/> so that they do not complain about the consequences.</remarks>
internal sealed class StudyMap(IReadOnlyList<KeyRule> keys, IReadOnlyDictionary<string, StudyValue> entries, IReadOnlyList<string> order)
{
    /// <summary>Keys of the valid entries, in file order.</summary>
    public IReadOnlyList<string> Keys => order;

    public StudyValue? Find(string key) => entries.GetValueOrDefault(key);

    public double Number(string key) => Convert.ToDouble(Content(key) ?? double.NaN, System.Globalization.CultureInfo.InvariantCulture);

    public int Integer(string key) => (int)Math.Clamp(Long(key), int.MinValue, int.MaxValue);

    public long Long(string key) => Content(key) switch
    {
        long value => value,
        int value => value,
        _ => 0,
    };

    public string Text(string key) => Content(key) as string ?? "";

    public bool Boolean(string key) => Content(key) is true;

    public int[] Integers(string key) => Content(key) switch
    {
        int[] fallback => fallback,
        IReadOnlyList<StudyValue> items => [.. items.Select(i => (int)(long)i.Content)],
        _ => [],
    };

    public double[] Numbers(string key) => Content(key) is IReadOnlyList<StudyValue> items ? [.. items.Select(i => Convert.ToDouble(i.Content, System.Globalization.CultureInfo.InvariantCulture))] : [];

    /// <summary>The mapping under a key; one without entries if it is absent, so that defaults apply.</summary>
    public StudyMap Map(string key) =>
        Find(key)?.Content as StudyMap
        ?? new StudyMap((Rule(key) as MapRule)?.Keys ?? [], new Dictionary<string, StudyValue>(StringComparer.Ordinal), []);

    private object? Content(string key) => Find(key)?.Content ?? keys.FirstOrDefault(k => k.Name == key)?.Default;

    private Rule? Rule(string key) => keys.FirstOrDefault(k => k.Name == key)?.Rule;
}
