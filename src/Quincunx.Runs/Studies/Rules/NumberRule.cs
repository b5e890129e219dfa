using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A finite number in an interval.</summary>
/// <param name="lower">Included unless <paramref name="open"/>.</param>
/// <param name="upper">Always included.</param>
internal sealed partial class NumberRule(double lower = double.NegativeInfinity, double upper = double.PositiveInfinity, bool open = false) : Rule
{
    public override string Expected => (double.IsFinite(lower), double.IsFinite(upper)) switch
    {
        (false, false) => "a number",
        (true, false) when open && lower == 0 => "a positive number",
        (true, false) => open ? $"a number greater than {Show(lower)}" : $"a number of at least {Show(lower)}",
        (false, true) => $"a number of at most {Show(upper)}",
        _ => open ? $"a number greater than {Show(lower)} and at most {Show(upper)}" : $"a number from {Show(lower)} to {Show(upper)}",
    };

    /// <summary>Reads a decimal number as the YAML 1.2 core schema writes them, without its infinities and NaN.</summary>
    public static bool TryParse(YamlItem item, out double value, out string? found, out string? hint)
    {
        (value, found, hint) = (0, null, null);
        if (item is not YamlScalar { Quoted: false } scalar)
        {
            hint = item is YamlScalar { Quoted: true } ? "Remove the quotes." : null;
            return false;
        }

        if (Pattern().IsMatch(scalar.Text))
        {
            value = double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
            found = double.IsFinite(value) ? null : $"{scalar.Describe()}, which is beyond the largest double";
            return double.IsFinite(value);
        }

        string text = scalar.Text.TrimStart('+', '-', '.');
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase) || text.Equals("inf", StringComparison.OrdinalIgnoreCase)
            || text.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            found = $"{scalar.Describe()}, which is not finite";
        }
        else if (Pattern().IsMatch(scalar.Text.Replace("_", "", StringComparison.Ordinal)))
        {
            hint = "Write the digits without separators.";
        }
        else if (Pattern().IsMatch(scalar.Text.Replace(',', '.')))
        {
            hint = "Write a decimal point, not a comma.";
        }

        return false;
    }

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        if (!TryParse(item, out double value, out string? found, out string? hint))
        {
            return Refuse(item, path, problems, found, hint);
        }

        return value < lower || value > upper || (open && value == lower)
            ? Refuse(item, path, problems, Show(value))
            : new StudyValue(value, item.Line, item.Column, path);
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "number" };
        if (double.IsFinite(lower))
        {
            schema[open ? "exclusiveMinimum" : "minimum"] = lower;
        }

        if (double.IsFinite(upper))
        {
            schema["maximum"] = upper;
        }

        return schema;
    }

    internal static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
