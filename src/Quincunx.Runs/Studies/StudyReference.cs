using System.Globalization;
using System.Text;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>The tables of the study file's reference page, made from the same table that reads the file.</summary>
internal static class StudyReference
{
    public static string Tables()
    {
        var text = new StringBuilder();
        Table(text, "Top level", "", StudyKeys.Root);
        Table(text, "Top level of an experiment", "", StudyKeys.Experiment);
        return text.ToString();
    }

    public static string Show(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        int[] list => $"[{string.Join(", ", list)}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void Table(StringBuilder text, string title, string path, MapRule map)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (KeyRule key in map.Keys)
        {
            string fallback = map.OneOf.Contains(key.Name, StringComparer.Ordinal) ? "one of these" : key.Required ? "required"
                : key.Default is null ? "" : $"`{Show(key.Default)}`";
            string value = Inner(key.Rule).Count == 0 ? key.Rule.Expected : "see below";
            text.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {value} | {fallback} | {key.Description} |\n");
        }

        foreach (KeyRule key in map.Keys)
        {
            string name = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            foreach (MapRule inner in Inner(key.Rule))
            {
                string heading = key.Rule is NamesRule ? $"`{name}.NAME`" : key.Rule is FormsRule or EitherRule { Map: FormsRule } ? $"`{name}` with `{FormsRule.TellingKey(inner)}`" : $"`{name}`";
                Table(text, heading, key.Rule is NamesRule ? name + ".NAME" : name, inner);
            }
        }
    }

    private static IReadOnlyList<MapRule> Inner(Rule rule) => rule switch
    {
        MapRule map => [map],
        NamesRule { Value: MapRule map } => [map],
        EitherRule { Map: MapRule map } => [map],
        EitherRule { Map: FormsRule forms } => forms.Forms,
        FormsRule forms => forms.Forms,
        _ => [],
    };
}
