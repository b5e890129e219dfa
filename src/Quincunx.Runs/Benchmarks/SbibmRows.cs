using System.Text;
using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Benchmarks;

/// <summary>The rows of the benchmark in a file, one JSON object a line, written anew after each so that an interruption keeps what is done.</summary>
public sealed class SbibmRows
{
    private readonly string _path;
    private readonly List<SbibmScore> _rows = [];

    /// <param name="path">Read where it exists.</param>
    /// <exception cref="ArtifactException">The file has a line that is no row.</exception>
    public SbibmRows(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        int line = 0;
        foreach (string text in File.Exists(path) ? File.ReadLines(path) : [])
        {
            line++;
            try
            {
                _rows.Add(JsonArtifact.Parse<SbibmScore>(Encoding.UTF8.GetBytes(text)));
            }
            catch (JsonException e)
            {
                throw new ArtifactException(path, "text that is no row of this benchmark", "the rows of an earlier run, or no file", $"line {line}", e);
            }
        }
    }

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<SbibmScore> All => _rows;

    /// <summary>The row of an observation, made before with the same settings; or null.</summary>
    public SbibmScore? Find(SbibmRun run, string method, int observation) => _rows.Find(
        r => r.Task == run.Task && r.Method == method && r.Budget == run.Budget && r.Seed == run.Seed && r.Observation == observation && r.Settings == run.Settings);

    /// <summary>Adds a row, in place of one of other settings.</summary>
    public void Add(SbibmScore row)
    {
        _rows.RemoveAll(r => (r.Task, r.Method, r.Budget, r.Seed, r.Observation) == (row.Task, row.Method, row.Budget, row.Seed, row.Observation));
        _rows.Add(row);
        var text = new StringBuilder();
        foreach (SbibmScore score in _rows)
        {
            text.Append(JsonArtifact.Line(score)).Append('\n');
        }

        AtomicFile.WriteText(_path, "scores", text.ToString());
    }
}
