using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A text that is not empty, quoted or not.</summary>
internal sealed class TextRule(string expected) : Rule
{
    public override string Expected => expected;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) =>
        item is YamlScalar { IsNull: false, Text: var text } && !string.IsNullOrWhiteSpace(text)
            ? new StudyValue(text, item.Line, item.Column, path)
            : Refuse(item, path, problems);

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}
