using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Quincunx.Runs.Artifacts;

/// <summary>A table of text cells that remembers where each was, so that a wrong one can be named by line and column.</summary>
/// <remarks>
/// Comma-separated with a header row; cells may be quoted ("…", with "" for a quote) and quoted cells may not span lines; lines that
/// start with # and empty lines are skipped; a byte order mark and CR LF are accepted. UTF-8. A file whose name ends in <c>.gz</c> is
/// unpacked.
/// </remarks>
public sealed class CsvTable
{
    private const long MaximumBytes = 256L << 20;

    private CsvTable(string path, IReadOnlyList<CsvCell> header, IReadOnlyList<IReadOnlyList<CsvCell>> rows)
    {
        (Path, Header, Rows) = (path, header, rows);
    }

    public string Path { get; }

    public IReadOnlyList<CsvCell> Header { get; }

    /// <summary>Every row has as many cells as the header.</summary>
    public IReadOnlyList<IReadOnlyList<CsvCell>> Rows { get; }

    /// <exception cref="ArtifactException">Missing, empty, too large, not UTF-8, a quote left open, or a row of another length than the header.</exception>
    public static CsvTable Read(string path)
    {
        byte[] bytes;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            if (file.Length > MaximumBytes)
            {
                throw new ArtifactException(path, $"{file.Length} bytes", $"a table of at most {MaximumBytes}");
            }

            if (path.EndsWith(".gz", StringComparison.Ordinal))
            {
                bytes = Unpack(path, file);
            }
            else
            {
                bytes = new byte[file.Length];
                file.ReadExactly(bytes);
            }
        }
        catch (InvalidDataException e)
        {
            throw new ArtifactException(path, $"damaged compression ({e.Message.TrimEnd('.')})", "a gzip file", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw DiskFault.Reading(path, e);
        }

        try
        {
            return Parse(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new ArtifactException(path, $"bytes that are not UTF-8 at position {e.Index}", "a text file in UTF-8", inner: e);
        }
    }

    /// <summary>Writes a header and rows of numbers; doubles in the shortest form that reads back to the same number, LF line ends.</summary>
    /// <param name="values">Row-major, shape <c>[rows, header]</c>.</param>
    public static void Write(Stream stream, IReadOnlyList<string> header, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(header);
        if (header.Count == 0 || values.Length % header.Count != 0)
        {
            throw new ArgumentException($"Expected a multiple of {header.Count} values, got {values.Length}.", nameof(values));
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 14, leaveOpen: true);
        writer.NewLine = "\n";
        writer.WriteLine(string.Join(',', header.Select(Quote)));
        Span<char> number = stackalloc char[32];
        for (int i = 0; i < values.Length; i++)
        {
            values[i].TryFormat(number, out int length, "R", CultureInfo.InvariantCulture);
            writer.Write(number[..length]);
            writer.Write((i + 1) % header.Count == 0 ? '\n' : ',');
        }
    }

    /// <summary>Index of a column, or −1.</summary>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (Header[i].Text == column)
            {
                return i;
            }
        }

        return -1;
    }

    internal static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n#") >= 0 || text.Length == 0 ? '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : text;

    private static byte[] Unpack(string path, Stream file)
    {
        using var plain = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var unpacked = new MemoryStream();
        byte[] block = new byte[1 << 16];
        for (int read; (read = plain.Read(block)) > 0;)
        {
            unpacked.Write(block.AsSpan(0, read));
            if (unpacked.Length > MaximumBytes)
            {
                throw new ArtifactException(path, $"more than {MaximumBytes} bytes after unpacking", "a smaller table");
            }
        }

        return unpacked.ToArray();
    }

    private static CsvTable Parse(string path, string text)
    {
        IReadOnlyList<CsvCell>? header = null;
        var rows = new List<IReadOnlyList<CsvCell>>();
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan(text.StartsWith('\uFEFF') ? 1 : 0).EnumerateLines())
        {
            number++;
            if (raw.IsWhiteSpace() || raw[0] == '#')
            {
                continue;
            }

            IReadOnlyList<CsvCell> cells = ParseLine(path, raw, number);
            if (header is null)
            {
                header = cells;
            }
            else if (cells.Count != header.Count)
            {
                throw new ArtifactException(path, $"{cells.Count} cells", $"{header.Count}, as in the header", $"line {number}");
            }
            else
            {
                rows.Add(cells);
            }
        }

        return header is null ? throw new ArtifactException(path, "no lines", "a header and at least one row") : new CsvTable(path, header, rows);
    }

    private static List<CsvCell> ParseLine(string path, ReadOnlySpan<char> line, int number)
    {
        var cells = new List<CsvCell>();
        int at = 0;
        while (true)
        {
            int start = at;
            while (at < line.Length && line[at] is ' ' or '\t')
            {
                at++;
            }

            if (at < line.Length && line[at] == '"')
            {
                cells.Add(ParseQuoted(path, line, number, ref at));
            }
            else
            {
                int comma = line[start..].IndexOf(',');
                at = comma < 0 ? line.Length : start + comma;
                ReadOnlySpan<char> cell = line[start..at];
                int blanks = cell.Length - cell.TrimStart().Length;
                cells.Add(new CsvCell(cell.Trim().ToString(), number, start + (cell.IsWhiteSpace() ? 0 : blanks) + 1));
            }

            if (at >= line.Length)
            {
                return cells;
            }

            at++;                                               // the comma
        }
    }

    private static CsvCell ParseQuoted(string path, ReadOnlySpan<char> line, int number, ref int at)
    {
        int column = at + 1;
        var text = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                text.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                text.Append('"');
                at++;
            }
            else
            {
                at++;
                int rest = line[at..].IndexOf(',');
                ReadOnlySpan<char> after = rest < 0 ? line[at..] : line.Slice(at, rest);
                if (!after.IsWhiteSpace())
                {
                    throw new ArtifactException(path, $"\"{after.Trim()}\" after a closing quote", "a comma", $"line {number}, column {at + 1}");
                }

                at += after.Length;
                return new CsvCell(text.ToString(), number, column);
            }
        }

        throw new ArtifactException(path, "a quote that is not closed", "a closing quote on the same line", $"line {number}, column {column}");
    }
}
