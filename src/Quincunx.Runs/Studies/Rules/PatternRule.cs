using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A text of a form that a regular expression gives; it has to fit as a whole.</summary>
internal sealed class PatternRule(string expected, string pattern) : Rule
{
    private readonly Regex _pattern = new($"^(?:{pattern})\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public override string Expected => expected;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) =>
        item is YamlScalar { IsNull: false, Text: var text } && _pattern.IsMatch(text)
            ? new StudyValue(text, item.Line, item.Column, path)
            : Refuse(item, path, problems);

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = $"^({pattern})$" };
}
