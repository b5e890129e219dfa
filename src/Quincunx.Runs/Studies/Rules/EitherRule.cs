using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A single word, or a mapping that says more.</summary>
internal sealed class EitherRule(Rule word, Rule map) : Rule
{
    public override string Expected => $"{word.Expected}, or {map.Expected}";

    public Rule Map => map;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) =>
        item is YamlMap ? map.Read(item, path, problems)
        : word.Read(item, path, new ProblemList("")) is { } value ? value
        : Refuse(item, path, problems);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(word.Schema(), map.Schema()) };
}
