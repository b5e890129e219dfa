using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A mapping from names that the user chooses to values of one rule.</summary>
internal sealed class NamesRule(string expected, Rule value) : Rule
{
    public override string Expected => expected;

    public Rule Value => value;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        if (item is not YamlMap { Entries.Count: > 0 } map)
        {
            return Refuse(item, path, problems, item is YamlMap ? "an empty mapping" : null);
        }

        var values = new Dictionary<string, StudyValue>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (YamlEntry entry in map.Entries)
        {
            // A name whose value is wrong is kept as a name, so that it is not also reported as missing.
            order.Add(entry.Key.Text);
            if (value.Read(entry.Value, YamlTree.Join(path, entry.Key.Text), problems) is { } read)
            {
                values.Add(entry.Key.Text, read with { Line = entry.Key.Line, Column = entry.Key.Column });
            }
        }

        return new StudyValue(new StudyMap([], values, order), map.Line, map.Column, path);
    }

    public override JsonObject Schema() =>
        new() { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = value.Schema() };
}
