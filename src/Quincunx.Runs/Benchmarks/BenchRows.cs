using System.Text;
using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Benchmarks;

/// <summary>The rows of a benchmark in a file, one JSON object a line, written anew after each so that an interruption keeps what is done.</summary>
/// <typeparam name="TRow">Written as JSON.</typeparam>
internal sealed class BenchRows<TRow>
    where TRow : class
{
    private readonly string? _path;
    private readonly Func<TRow, object> _identity;
    private readonly List<TRow> _rows = [];

    /// <param name="path">Read where it exists; null keeps rows in memory.</param>
    /// <param name="identity">What a row is of: two rows that share it cannot both be kept.</param>
    /// <exception cref="ArtifactException">The file has a line that is no row.</exception>
    public BenchRows(string? path, Func<TRow, object> identity)
    {
        (_path, _identity) = (path, identity);
        int line = 0;
        foreach (string text in path is not null && File.Exists(path) ? File.ReadLines(path) : [])
        {
            line++;
            try
            {
                _rows.Add(JsonArtifact.Parse<TRow>(Encoding.UTF8.GetBytes(text)));
            }
            catch (JsonException e)
            {
                throw new ArtifactException(path!, "text that is no row of this benchmark", "the rows of an earlier run, or no file", $"line {line}", e);
            }
        }
    }

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<TRow> All => _rows;

    /// <summary>Adds a row, in place of the one with its identity.</summary>
    public void Add(TRow row)
    {
        object own = _identity(row);
        _rows.RemoveAll(r => _identity(r).Equals(own));
        _rows.Add(row);
        if (_path is null)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (TRow kept in _rows)
        {
            text.Append(JsonArtifact.Line(kept)).Append('\n');
        }

        AtomicFile.WriteText(_path, "the rows", text.ToString());
    }
}
