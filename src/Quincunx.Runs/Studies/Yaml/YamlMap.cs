namespace Quincunx.Runs.Studies.Yaml;

/// <summary>Entries in file order; each key once.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, int Line, int Column) : YamlItem(Line, Column)
{
    public override string Describe() => "a mapping";
}
