using System.Globalization;
using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A whole number in an interval, both ends included; <c>2e5</c> is one too.</summary>
internal sealed class IntegerRule(long lower, long upper) : Rule
{
    public override string Expected => lower == upper
        ? lower.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"a whole number from {lower} to {upper}");

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        if (!NumberRule.TryParse(item, out double value, out string? found, out string? hint))
        {
            return Refuse(item, path, problems, found, hint);
        }

        // Every bound is within 2⁵³, so doubles hold each valid number exactly.
        return value != Math.Floor(value) || value < lower || value > upper
            ? Refuse(item, path, problems, ((YamlScalar)item).Text)
            : new StudyValue((long)value, item.Line, item.Column, path);
    }

    public override JsonObject Schema() => lower == upper
        ? new JsonObject { ["const"] = lower }
        : new JsonObject { ["type"] = "integer", ["minimum"] = lower, ["maximum"] = upper };
}
