using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A mapping in one of several forms, each told by a key that it alone has and must have.</summary>
/// <param name="forms">The key that tells a form is its first.</param>
internal sealed class FormsRule(string expected, params IReadOnlyList<MapRule> forms) : Rule
{
    public override string Expected => expected;

    public IReadOnlyList<MapRule> Forms => forms;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        if (item is not YamlMap map)
        {
            return Refuse(item, path, problems);
        }

        MapRule[] told = [.. forms.Where(form => map.Entries.Any(e => e.Key.Text == TellingKey(form)))];
        if (told.Length == 1)
        {
            return told[0].Read(item, path, problems);
        }

        problems.Add(
            map.Line, map.Column, path, told.Length == 0 ? "none of its forms" : string.Join(" and ", told.Select(TellingKey)), $"exactly one of {string.Join(", ", forms.Select(TellingKey))}",
            told.Length > 0 ? null : map.Entries.Select(e => Nearest.Hint(e.Key.Text, forms.Select(TellingKey))).FirstOrDefault(hint => hint is not null));
        return null;
    }

    // By "if" and "then", so that a reader of the schema complains about the form that was meant alone.
    public override JsonObject Schema()
    {
        JsonObject schema = forms[^1].Schema();
        for (int i = forms.Count - 2; i >= 0; i--)
        {
            schema = new JsonObject
            {
                ["if"] = new JsonObject { ["required"] = new JsonArray(TellingKey(forms[i])) },
                ["then"] = forms[i].Schema(),
                ["else"] = schema,
            };
        }

        return schema;
    }

    public static string TellingKey(MapRule form) => form.Keys[0].Name;
}
