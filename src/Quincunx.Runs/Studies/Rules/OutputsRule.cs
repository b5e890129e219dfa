using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>Names, or how many there are.</summary>
internal sealed class OutputsRule : Rule
{
    private static readonly IntegerRule Count = new(1, 1 << 24);
    private static readonly ListRule Names = new(new TextRule("a name"), "a list of names");

    public override string Expected => "a list of names, or their number";

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) =>
        item is YamlList ? Names.Read(item, path, problems)
        : NumberRule.TryParse(item, out _, out _, out _) ? Count.Read(item, path, problems)
        : Refuse(item, path, problems);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Names.Schema(), Count.Schema()) };
}
