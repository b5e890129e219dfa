using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A number of bytes with a binary unit: <c>512 MiB</c>. It is kept as its text.</summary>
internal sealed partial class SizeRule : Rule
{
    private const string Form = "^(?<count>[0-9]{1,6}) ?(?<unit>KiB|MiB|GiB)$";

    public override string Expected => "a size in KiB, MiB or GiB, such as 512 MiB";

    /// <summary>The bytes of a text that obeys this rule.</summary>
    public static long Bytes(string text)
    {
        Match match = Pattern().Match(text);
        int shift = match.Groups["unit"].Value switch { "KiB" => 10, "MiB" => 20, _ => 30 };
        return long.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) << shift;
    }

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        var scalar = item as YamlScalar;
        return scalar is not null && Pattern().IsMatch(scalar.Text) && Bytes(scalar.Text) > 0
            ? new StudyValue(scalar.Text, item.Line, item.Column, path)
            : Refuse(item, path, problems, hint: scalar is not null && NumberRule.TryParse(item, out _, out _, out _) ? "Add the unit." : null);
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]{1,6} ?(KiB|MiB|GiB)$" };

    [GeneratedRegex(Form, RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
