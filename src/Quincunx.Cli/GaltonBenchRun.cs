using System.Globalization;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Physics.Toys;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Cli;

/// <summary><c>bench galton</c>: likelihood ratios of the generalized Galton board learned with and without mined gold, beside the published errors.</summary>
internal static class GaltonBenchRun
{
    private const string PublishedMethod = "method", PublishedRuns = "num_simulations", PublishedError = "mse_log_r";

    /// <param name="budgets">Runs of the simulator; ascending.</param>
    /// <param name="seeds">Number of seeds, from 1.</param>
    /// <param name="methods">Empty for all.</param>
    /// <param name="json">File for the rows, one JSON object a line, whose rows are not made again; null for none.</param>
    /// <param name="figure">File for a figure as SVG; null for none.</param>
    /// <param name="data">Folder of the published errors, or null for the usual one.</param>
    public static void Run(CliHost host, IReadOnlyList<long> budgets, int seeds, IReadOnlyList<string> methods, string? json, string? figure, string? data)
    {
        var board = new GeneralizedGaltonBoard();
        var bench = new GaltonBench(
            new Miner(board), board, [.. Enumerable.Range(GeneralizedGaltonBoard.FirstBin, GeneralizedGaltonBoard.LastBin - GeneralizedGaltonBoard.FirstBin + 1).Select(x => (double)x)], host.Clock);
        Dictionary<(string Method, long Runs), double> published = Published(Path.Combine(host.Resolve(data ?? host.DataFolder ?? Path.Combine("..", "shared", "data")), "galton", "paper_mse.csv"));
        var rows = new BenchRows<GaltonRow>(json is null ? null : host.Resolve(json), r => (r.Method, r.Runs, r.Seed));
        var asked = new List<GaltonRow>();
        var table = new List<IReadOnlyList<string>>();
        foreach (long budget in budgets)
        {
            foreach (string method in methods.Count > 0 ? methods : GaltonBench.Methods)
            {
                var own = new List<GaltonRow>();
                for (int seed = 1; seed <= seeds; seed++)
                {
                    GaltonRow? row = rows.All.FirstOrDefault(r => (r.Method, r.Runs, r.Seed) == (method, (int)budget, (ulong)seed));
                    if (row is null)
                    {
                        row = bench.Run(method, (int)budget, (ulong)seed, host.Cancel);
                        rows.Add(row);
                    }

                    own.Add(row);
                }

                asked.AddRange(own);
                double[] errors = [.. own.Select(r => r.MseLogR).Order()];
                table.Add(
                    [
                        method, Numbers.Count(budget), Error(Median(errors)), Error(errors[0]), Error(errors[^1]),
                        published.TryGetValue((method, budget), out double error) ? Error(error) : "-", own.Average(r => r.Seconds).ToString("F1", CultureInfo.InvariantCulture),
                    ]);
            }
        }

        host.Output.WriteLine($"Error of log r on the generalized Galton board, {seeds.ToString(CultureInfo.InvariantCulture)} seeds; log r = 0 everywhere has {bench.Blind.ToString("F5", CultureInfo.InvariantCulture)}.");
        TextTable.Write(host.Output, textColumns: 1, ["method", "runs", "median", "least", "most", "published", "seconds"], table);
        if (figure is not null)
        {
            AtomicFile.WriteText(host.Resolve(figure), "the figure", new GaltonFigure(asked, published, bench.Blind).ToSvg());
        }
    }

    private static Dictionary<(string Method, long Runs), double> Published(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        CsvTable table = CsvTable.Read(path);
        int method = Column(PublishedMethod), runs = Column(PublishedRuns), error = Column(PublishedError);
        var errors = new Dictionary<(string Method, long Runs), double>();
        foreach (IReadOnlyList<CsvCell> row in table.Rows)
        {
            if (!errors.TryAdd((row[method].Text, (long)Number(row[runs])), Number(row[error])))
            {
                throw new ArtifactException(path, $"a second row of {row[method].Text} at {row[runs].Text}", "one for each method and number", Line(row[method]));
            }
        }

        return errors;

        int Column(string name) => Array.FindIndex([.. table.Header], c => c.Text == name) is var at and >= 0 ? at : throw new ArtifactException(path, "no such column", name);
        double Number(CsvCell cell) => cell.TryNumber(out double number)
            ? number
            : throw new ArtifactException(path, $"'{cell.Text}'", "a number", Line(cell));
        static string Line(CsvCell cell) => $"line {cell.Line.ToString(CultureInfo.InvariantCulture)}";
    }

    private static double Median(double[] ordered) => (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;

    private static string Error(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
