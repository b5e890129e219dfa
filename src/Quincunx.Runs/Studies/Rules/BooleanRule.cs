using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary><c>true</c> or <c>false</c>, as in YAML 1.2: <c>yes</c>, <c>on</c> and their like are texts.</summary>
internal sealed class BooleanRule : Rule
{
    public override string Expected => "true or false";

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) =>
        item is YamlScalar { Quoted: false, Text: "true" or "false" } scalar
            ? new StudyValue(scalar.Text == "true", item.Line, item.Column, path)
            : Refuse(item, path, problems);

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}
