using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A mapping whose keys are known only later; it is kept as it was parsed.</summary>
internal sealed class AnyRule(string expected) : Rule
{
    public override string Expected => expected;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) =>
        item is YamlMap ? new StudyValue(item, item.Line, item.Column, path) : Refuse(item, path, problems);

    public override JsonObject Schema() => new() { ["type"] = "object" };
}
