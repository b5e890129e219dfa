namespace Quincunx.Runs.Studies.Yaml;

internal sealed record YamlList(IReadOnlyList<YamlItem> Items, int Line, int Column) : YamlItem(Line, Column)
{
    public override string Describe() => "a list";
}
