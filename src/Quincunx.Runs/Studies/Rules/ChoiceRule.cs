using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>One of a few words.</summary>
internal sealed class ChoiceRule(params IReadOnlyList<string> words) : Rule
{
    public override string Expected => words.Count == 1 ? words[0] : $"one of {string.Join(", ", words)}";

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        var scalar = item as YamlScalar;
        return scalar is not null && words.Contains(scalar.Text, StringComparer.Ordinal)
            ? new StudyValue(scalar.Text, item.Line, item.Column, path)
            : Refuse(item, path, problems, hint: scalar is null || scalar.IsNull ? null : Nearest.Hint(scalar.Text, words));
    }

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Select(w => JsonValue.Create(w))]) };
}
