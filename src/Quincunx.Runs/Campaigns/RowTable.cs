using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Campaigns;

/// <summary>Simulations as a file of others: <c>.npz</c> with <c>theta</c> [n, parameters] and <c>x</c> [n, outputs], <c>.npy</c> with one array [n, parameters + outputs], or <c>.csv</c> with a column for each name.</summary>
internal static class RowTable
{
    /// <summary>Gets whole rows, theta and then x, one block after the other.</summary>
    public delegate void RowsAction(ReadOnlySpan<double> rows);

    private const string Theta = "theta", X = "x", Formats = "a file that ends in .npz, .npy or .csv";

    /// <summary>Writes a file completely or not at all.</summary>
    /// <param name="rows">How many there are; failed ones among them.</param>
    /// <param name="blocks">Hands the rows over; called as often as they are needed.</param>
    /// <exception cref="ArtifactException">The name has another ending, there are too many rows for an array of that kind, or the disk is full.</exception>
    public static FileFingerprint Write(string path, IReadOnlyList<string> parameters, IReadOnlyList<string> outputs, long rows, Action<RowsAction> blocks)
    {
        if (rows > int.MaxValue)
        {
            throw new ArtifactException(path, $"{rows} rows", $"at most {int.MaxValue}");
        }

        int d = parameters.Count, k = outputs.Count;
        return Path.GetExtension(path) switch
        {
            ".npz" => AtomicFile.Write(path, "simulations", stream =>
            {
                var zip = new StoredZipWriter(stream);
                Add(zip, Theta, new Columns(d + k, 0, d), rows, blocks);
                Add(zip, X, new Columns(d + k, d, d + k), rows, blocks);
                zip.Finish();
            }),
            ".npy" => AtomicFile.Write(path, "simulations", stream =>
            {
                stream.Write(Header(rows, d + k));
                blocks(block => stream.Write(MemoryMarshal.AsBytes(block)));
            }),
            ".csv" => AtomicFile.Write(path, "simulations", stream =>
            {
                using var header = new MemoryStream();
                CsvTable.Write(header, [.. parameters, .. outputs], []);
                stream.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
                blocks(block => WriteLines(stream, block, d + k));
            }),
            _ => throw new ArtifactException(path, "another ending", Formats),
        };
    }

    /// <summary>Reads a file into memory.</summary>
    /// <param name="parameters">Names of the columns of theta: in a <c>.csv</c> wherever they stand, in the others in this order.</param>
    /// <param name="outputs">Names of the columns of x; null: those that a <c>.csv</c> has besides, or x_1, x_2 and so on.</param>
    /// <returns>The names of the outputs, and the simulations; a row with an output that is not finite is one that failed.</returns>
    /// <exception cref="ArtifactException">The file cannot be read, lacks columns, or has a parameter that is no finite number.</exception>
    public static (IReadOnlyList<string> Outputs, SimulationSet Set) Read(string path, IReadOnlyList<string> parameters, IReadOnlyList<string>? outputs)
    {
        (IReadOnlyList<string> names, SimulationSet set) = Path.GetExtension(path) switch
        {
            ".npz" => ReadNpz(path, parameters, outputs),
            ".npy" => ReadNpy(path, parameters, outputs),
            ".csv" => ReadCsv(path, parameters, outputs),
            _ => throw new ArtifactException(path, "another ending", Formats),
        };
        if (set.Count == 0)
        {
            throw new ArtifactException(path, "no rows", "at least one simulation");
        }

        int bad = SimulationSet.FirstNonFinite(set.Theta);
        return bad < 0
            ? (names, set)
            : throw new ArtifactException(path, $"{set.Theta[bad].ToString(CultureInfo.InvariantCulture)} for {parameters[bad % parameters.Count]}", "a finite parameter", $"simulation {bad / parameters.Count}");
    }

    private static void Add(StoredZipWriter zip, string name, Columns columns, long rows, Action<RowsAction> blocks)
    {
        byte[] header = Header(rows, columns.Count);
        uint crc = Crc32.Append(0, header);
        blocks(block => crc = Crc32.Append(crc, MemoryMarshal.AsBytes(columns.Of(block))));
        zip.Add(name + NpzFile.Extension, crc, header.Length + (rows * columns.Count * sizeof(double)), target =>
        {
            target.Write(header);
            blocks(block => target.Write(MemoryMarshal.AsBytes(columns.Of(block))));
        });
    }

    private static byte[] Header(long rows, int columns) => NpyFormat.Header(NpyArray.Create(Array.Empty<double>(), [(int)rows, columns], "<f8"));

    private static void WriteLines(Stream stream, ReadOnlySpan<double> block, int width)
    {
        var text = new StringBuilder();
        for (int i = 0; i < block.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{block[i]:R}").Append((i + 1) % width == 0 ? '\n' : ',');
        }

        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static (IReadOnlyList<string>, SimulationSet) ReadNpz(string path, IReadOnlyList<string> parameters, IReadOnlyList<string>? outputs)
    {
        NpzFile file = NpzFile.Read(path, Theta, X);
        (double[] theta, int rows, int d) = Matrix(path, Theta, file.Array(Theta));
        (double[] x, int xRows, int k) = Matrix(path, X, file.Array(X));
        if (rows != xRows || d != parameters.Count)
        {
            throw new ArtifactException(path, $"theta [{rows}, {d}] and x [{xRows}, {k}]", $"theta [n, {parameters.Count}] and x [n, outputs]");
        }

        return (Named(path, outputs, k), SimulationSet.FromArrays(d, k, 0, theta, x));
    }

    private static (IReadOnlyList<string>, SimulationSet) ReadNpy(string path, IReadOnlyList<string> parameters, IReadOnlyList<string>? outputs)
    {
        (double[] all, int rows, int width) = Matrix(path, entry: null, NpyFile.Read(path));
        int d = parameters.Count, k = width - d;
        if (k < 1)
        {
            throw new ArtifactException(path, $"[{rows}, {width}]", $"[n, {d} + outputs]: {string.Join(", ", parameters)}, then the outputs");
        }

        double[] theta = new double[rows * d], x = new double[rows * k];
        for (int row = 0; row < rows; row++)
        {
            all.AsSpan(row * width, d).CopyTo(theta.AsSpan(row * d));
            all.AsSpan((row * width) + d, k).CopyTo(x.AsSpan(row * k));
        }

        return (Named(path, outputs, k), SimulationSet.FromArrays(d, k, 0, theta, x));
    }

    private static (IReadOnlyList<string>, SimulationSet) ReadCsv(string path, IReadOnlyList<string> parameters, IReadOnlyList<string>? outputs)
    {
        CsvTable table = CsvTable.Read(path);
        if (table.Header.GroupBy(h => h.Text, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw At(path, twice.Last(), $"a second column '{twice.Key}'", "different names");
        }

        string[] names = [.. outputs ?? [.. table.Header.Select(h => h.Text).Except(parameters, StringComparer.Ordinal)]];
        if (names.Length == 0)
        {
            throw new ArtifactException(path, "no columns but the parameters", "at least one output", $"line {table.Header[0].Line}");
        }

        double[] theta = Values(table, parameters, isOutput: false), x = Values(table, names, isOutput: true);
        return (names, SimulationSet.FromArrays(parameters.Count, names.Length, 0, theta, x));
    }

    private static double[] Values(CsvTable table, IReadOnlyList<string> names, bool isOutput)
    {
        double[] values = new double[table.Rows.Count * names.Count];
        for (int column = 0; column < names.Count; column++)
        {
            int at = table.IndexOf(names[column]);
            if (at < 0)
            {
                throw new ArtifactException(
                    table.Path, $"columns {string.Join(", ", table.Header.Select(h => h.Text))}", $"one '{names[column]}'", $"line {table.Header[0].Line}");
            }

            for (int row = 0; row < table.Rows.Count; row++)
            {
                CsvCell cell = table.Rows[row][at];
                if (!double.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || (!isOutput && !double.IsFinite(value)))
                {
                    throw At(table.Path, cell, $"'{cell.Text}' for {names[column]}", isOutput ? "a number, or NaN in a simulation that failed" : "a finite number");
                }

                values[(row * names.Count) + column] = value;
            }
        }

        return values;
    }

    private static ArtifactException At(string path, CsvCell cell, string found, string expected) => new(path, found, expected, $"line {cell.Line}, column {cell.Column}");

    private static (double[] Values, int Rows, int Columns) Matrix(string path, string? entry, NpyArray array)
    {
        if (array.Shape.Count != 2)
        {
            throw new ArtifactException(path, $"an array of shape {NpyArray.Format(array.Shape)}", "one with two axes: simulations, and their numbers", entry);
        }

        double[] values = array.Descriptor switch
        {
            "<f8" => array.Values<double>(),
            "<f4" => [.. array.Values<float>().Select(v => (double)v)],
            _ => throw new ArtifactException(path, $"elements of type {array.Descriptor}", "<f8 or <f4", entry),
        };
        return (values, array.Shape[0], array.Shape[1]);
    }

    private static IReadOnlyList<string> Named(string path, IReadOnlyList<string>? outputs, int count) =>
        outputs is null ? [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"x_{i}"))]
        : outputs.Count == count ? outputs
        : throw new ArtifactException(path, $"{count} outputs", $"{outputs.Count}: {string.Join(", ", outputs)}");

    // Some columns of each row, together.
    private sealed class Columns(int width, int from, int to)
    {
        private double[] _together = [];

        public int Count => to - from;

        public ReadOnlySpan<double> Of(ReadOnlySpan<double> rows)
        {
            int n = rows.Length / width;
            if (_together.Length < n * Count)
            {
                _together = new double[n * Count];
            }

            for (int row = 0; row < n; row++)
            {
                rows[((row * width) + from)..((row * width) + to)].CopyTo(_together.AsSpan(row * Count));
            }

            return _together.AsSpan(0, n * Count);
        }
    }
}
