using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A time with a unit: <c>90 s</c>. It is kept as its text.</summary>
internal sealed partial class DurationRule : Rule
{
    private const string Form = @"^(?<count>[0-9]{1,9}(\.[0-9]{1,3})?) ?(?<unit>ms|s|min|h)$";

    public override string Expected => "a time in ms, s, min or h, such as 90 s";

    /// <summary>The time of a text that obeys this rule.</summary>
    public static TimeSpan Time(string text)
    {
        Match match = Pattern().Match(text);
        double count = double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "min" => TimeSpan.FromMinutes(count),
            _ => TimeSpan.FromHours(count),
        };
    }

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        var scalar = item as YamlScalar;
        return scalar is not null && Pattern().IsMatch(scalar.Text) && Time(scalar.Text) > TimeSpan.Zero
            ? new StudyValue(scalar.Text, item.Line, item.Column, path)
            : Refuse(item, path, problems, hint: scalar is not null && NumberRule.TryParse(item, out _, out _, out _) ? "Add the unit." : null);
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = @"^[0-9]{1,9}(\.[0-9]{1,3})? ?(ms|s|min|h)$" };

    [GeneratedRegex(Form, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
