using System.Globalization;

namespace Quincunx.Runs.Artifacts;

/// <summary>A cell of a table, trimmed, and its place in the file, counted from 1.</summary>
public readonly record struct CsvCell(string Text, int Line, int Column)
{
    /// <summary>The number in the cell, NaN and infinities included as <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>.</summary>
    /// <returns>False for text, an empty cell, a decimal comma, digit groups, or a magnitude beyond double.</returns>
    public bool TryNumber(out double value) =>
        double.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && (double.IsFinite(value) || !Text.AsSpan().ContainsAnyInRange('0', '9'));
}
