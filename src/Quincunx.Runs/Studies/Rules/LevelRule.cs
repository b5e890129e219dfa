using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A standard deviation, one for each output, or what it is drawn from.</summary>
internal sealed class LevelRule : Rule
{
    private static readonly NumberRule One = new(0, open: true);
    private static readonly ListRule Each = new(One, "a list of positive numbers");

    public override string Expected => "a positive number, a list of them, or a distribution, such as { uniform: { lower: 0.1, upper: 1 } }";

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems) => item switch
    {
        YamlList => Each.Read(item, path, problems),
        YamlMap => PriorKinds.Distribution.Read(item, path, problems),
        _ => NumberRule.TryParse(item, out _, out string? found, out string? hint) ? One.Read(item, path, problems) : Refuse(item, path, problems, found, hint),
    };

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(One.Schema(), Each.Schema(), PriorKinds.Distribution.Schema()) };
}
