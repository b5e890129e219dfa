using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A list whose items obey one rule.</summary>
internal sealed class ListRule(Rule item, string expected, int minimum = 1, int maximum = int.MaxValue) : Rule
{
    public override string Expected => expected;

    public override StudyValue? Read(YamlItem item1, string path, ProblemList problems)
    {
        if (item1 is not YamlList list)
        {
            return Refuse(item1, path, problems);
        }

        if (list.Items.Count < minimum || list.Items.Count > maximum)
        {
            return Refuse(list, path, problems, list.Items.Count == 0 ? "an empty list" : $"a list of {list.Items.Count}");
        }

        var values = new List<StudyValue>();
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (item.Read(list.Items[i], $"{path}[{i}]", problems) is { } value)
            {
                values.Add(value);
            }
        }

        return values.Count == list.Items.Count ? new StudyValue(values, list.Line, list.Column, path) : null;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        if (minimum > 0)
        {
            schema["minItems"] = minimum;
        }

        if (maximum < int.MaxValue)
        {
            schema["maxItems"] = maximum;
        }

        return schema;
    }
}
