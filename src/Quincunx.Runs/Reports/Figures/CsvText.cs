using System.Globalization;
using System.Text;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Comma-separated text as in RFC 4180, with <c>\n</c> line ends. Doubles round-trip; null is an empty field.</summary>
internal sealed class CsvText
{
    private readonly StringBuilder _text = new();
    private readonly int _columns;

    public CsvText(params string[] header)
    {
        _columns = header.Length;
        Row(header);
    }

    public CsvText Row(params object?[] fields)
    {
        if (fields.Length != _columns)
        {
            throw new ArgumentException($"Expected {_columns} fields, got {fields.Length}.", nameof(fields));
        }

        _text.AppendJoin(',', fields.Select(Field)).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    private static string Field(object? value)
    {
        string text = value switch
        {
            null => string.Empty,
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? string.Empty,
        };
        return text.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
