namespace Quincunx.Cli;

/// <summary>A table of aligned columns in plain text, the same in a terminal and in a file.</summary>
internal static class TextTable
{
    /// <param name="textColumns">How many columns from the left are texts; the others are numbers and are set to the right.</param>
    /// <param name="rows">Each as long as <paramref name="header"/>.</param>
    public static void Write(TextWriter output, int textColumns, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] lines = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (IReadOnlyList<string> line in lines)
        {
            string text = string.Join("  ", line.Select((cell, c) => c < textColumns ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c])));
            output.WriteLine(text.TrimEnd());
        }
    }
}
