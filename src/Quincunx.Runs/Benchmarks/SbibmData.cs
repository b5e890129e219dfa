using System.Globalization;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Benchmarks;

/// <summary>Observations, reference posteriors and published scores of the sbibm benchmark (Lueckmann et al. 2021, PMLR 130:343), read from a folder.</summary>
/// <remarks>
/// <c>TASK/num_observation_K/observation.csv</c> and <c>reference_posterior_samples.csv.gz</c>, a header and then rows, and
/// <c>published_c2st_per_observation.csv</c>. A task's name has underscores in the folder and hyphens in studies.
/// </remarks>
public sealed class SbibmData
{
    private const string Table = "published_c2st_per_observation.csv";
    private readonly string _folder;
    private readonly Lazy<Dictionary<(string Task, string Algorithm, int Simulations, int Observation), double>> _published;

    /// <param name="folder">The folder of the tasks.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public SbibmData(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(folder);
        }

        _folder = folder;
        Tasks = [.. Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d).Replace('_', '-')).Order(StringComparer.Ordinal)];
        _published = new(ReadPublished);
    }

    /// <summary>Tasks there is a folder of, with hyphens.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>The data to infer from.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="features">Columns that there should be.</param>
    /// <exception cref="ArtifactException">Missing, damaged, or of another length.</exception>
    public double[] Observation(string task, int number, int features)
    {
        string path = FileOf(task, number, "observation.csv");
        CsvTable table = CsvTable.Read(path);
        return table.Rows.Count == 1 ? Numbers(table, features) : throw new ArtifactException(path, $"{table.Rows.Count} rows", "one");
    }

    /// <summary>Draws from the reference posterior.</summary>
    /// <returns>Row-major, shape <c>[n, dimension]</c>.</returns>
    /// <exception cref="ArtifactException">Missing, damaged, or of another width.</exception>
    public double[] Reference(string task, int number, int dimension) =>
        Numbers(CsvTable.Read(FileOf(task, number, "reference_posterior_samples.csv.gz")), dimension);

    /// <summary>The published score of an algorithm at one observation, or null.</summary>
    /// <param name="algorithm">As the paper calls it, such as <c>NPE</c> or <c>SMC-ABC</c>.</param>
    /// <exception cref="ArtifactException">The table is missing or damaged.</exception>
    public double? Published(string task, string algorithm, int simulations, int number)
    {
        ArgumentNullException.ThrowIfNull(task);

        // The paper's own Gaussian mixture was simulated with a bug; the authors' rerun has a name of its own in the table.
        string name = task == "gaussian-mixture" ? "gaussian_mixture_rerun" : task.Replace('-', '_');
        return _published.Value.TryGetValue((name, algorithm, simulations, number), out double score) ? score : null;
    }

    private string FileOf(string task, int number, string file) =>
        Path.Combine(_folder, task.Replace('-', '_'), $"num_observation_{number.ToString(CultureInfo.InvariantCulture)}", file);

    private Dictionary<(string Task, string Algorithm, int Simulations, int Observation), double> ReadPublished()
    {
        CsvTable table = CsvTable.Read(Path.Combine(_folder, Table));
        int task = Column("task"), algorithm = Column("algorithm"), simulations = Column("num_simulations"), observation = Column("num_observation"), score = Column("c2st");
        return table.Rows.ToDictionary(
            row => (row[task].Text, row[algorithm].Text, (int)Number(table, row[simulations]), (int)Number(table, row[observation])), row => Number(table, row[score]));

        int Column(string name) => table.IndexOf(name) is >= 0 and var at ? at : throw new ArtifactException(table.Path, "no such column", $"a column '{name}'", "header");
    }

    private static double[] Numbers(CsvTable table, int columns) => table.Header.Count == columns
        ? [.. table.Rows.SelectMany(row => row.Select(cell => Number(table, cell)))]
        : throw new ArtifactException(table.Path, $"{table.Header.Count} columns", $"{columns}, as the study has", "header");

    private static double Number(CsvTable table, CsvCell cell) => cell.TryNumber(out double value) && double.IsFinite(value)
        ? value
        : throw new ArtifactException(table.Path, $"'{cell.Text}'", "a finite number", $"line {cell.Line}, column {cell.Column}");
}
