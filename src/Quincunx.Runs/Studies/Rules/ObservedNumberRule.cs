using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A finite number, or <c>.nan</c> for one that is missing; whether any may be is for others to say.</summary>
internal sealed class ObservedNumberRule : Rule
{
    private readonly NumberRule _number = new();

    public override string Expected => _number.Expected;

    public override JsonObject Schema() => _number.Schema();

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) => item is YamlScalar { Quoted: false, Text: ".nan" or ".NaN" or ".NAN" }
        ? new StudyValue(double.NaN, item.Line, item.Column, path)
        : _number.Read(item, path, problems);
}
