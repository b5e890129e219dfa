using System.Globalization;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>Runs methods on the tasks of the sbibm benchmark and prints their scores beside the published ones.</summary>
internal sealed class SbibmBench(CliHost host, BenchRequest request)
{
    private const string Studies = "studies", Benchmark = "sbibm", RowsFile = "rows.json";
    private static readonly string UsualData = Path.Combine("..", "shared", "data"), UsualRuns = Path.Combine("runs", Benchmark);

    public void Run()
    {
        if (request.Methods.FirstOrDefault(m => m.MostSimulations < request.Budgets[^1]) is { } limited)
        {
            throw new CliException(string.Create(
                CultureInfo.InvariantCulture, $"--budget: found {request.Budgets[^1]}, expected at most {limited.MostSimulations} simulations for {limited.Name}."));
        }

        SbibmData data = OpenData();

        // Every file is read before the first network is trained: a mistake in the last must not cost the time of the others.
        Study[] studies = [.. (request.Tasks.Count > 0 ? request.Tasks : Known(data)).Select(task => Load(task, data))];
        foreach (Study study in studies)
        {
            foreach (long observation in request.Observations)
            {
                data.Observation(study.Name, (int)observation, study.Observation.Count);
            }
        }

        // Training that suits may depend on the number of simulations.
        var inference = request.Methods.SelectMany(m => request.Budgets.Select(budget => (Method: m, Budget: budget))).ToDictionary(
            p => (p.Method.Name, p.Budget),
            p => request.Inference is { } path ? StudyBuilder.InferenceOf(host.Resolve(path), p.Method.Method, host.Catalog, (int)(p.Budget / p.Method.Rounds)) : StudyBuilder.InferenceOf(p.Method.Method));
        string runs = host.Resolve(request.Runs ?? UsualRuns);
        var rows = new BenchRows<SbibmScore>(request.Json is { } json ? host.Resolve(json) : Path.Combine(runs, RowsFile), r => (r.Task, r.Method, r.Budget, r.Seed, r.Observation));
        foreach (long budget in request.Budgets)
        {
            foreach (SbibmMethod method in request.Methods)
            {
                foreach (Study study in studies)
                {
                    SbibmScore[] own = [.. request.Seeds.SelectMany(
                        seed => Score(new SbibmRun(study, method, inference[(method.Name, budget)], (int)budget, (ulong)seed, data, runs), method, rows))];
                    Print(study.Name, method, (int)budget, own);
                }
            }
        }

        if (request.Page is { } page)
        {
            string? settings = request.Inference is { } file ? File.ReadAllText(host.Resolve(file)) : null;
            AtomicFile.WriteText(host.Resolve(page), "the page", SbibmPage.Of(rows.All, data, Command(), Machine(), host.Clock.GetUtcNow(), settings));
        }
    }

    private static string Machine() => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, .NET {Environment.Version}");

    private string Command()
    {
        List<string> words = ["dotnet run -c Release --project src/Quincunx.Cli -- bench sbibm --method", string.Join(',', request.Methods.Select(m => m.Name)), "--budget", string.Join(',', request.Budgets)];
        words.AddRange(request.Tasks.Count > 0 ? ["--tasks", string.Join(',', request.Tasks)] : []);
        words.AddRange(["--seeds", string.Join(',', request.Seeds), "--page", request.Page!]);
        return string.Join(' ', words);
    }

    private SbibmData OpenData()
    {
        string folder = Path.Combine(host.Resolve(request.Data ?? host.DataFolder ?? UsualData), Benchmark);
        return Directory.Exists(folder) ? new SbibmData(folder) : throw new CliException(
            $"{folder}: found no such folder, expected the sbibm reference data. Name the folder that holds '{Benchmark}' with --data or QUINCUNX_DATA.");
    }

    private string[] Known(SbibmData data)
    {
        string[] known = [.. data.Tasks.Where(t => Directory.Exists(Path.Combine(host.Resolve(Studies), t)))];
        return known.Length > 0 ? known : throw new CliException($"{host.Resolve(Studies)}: found no study of a task with reference data, expected those of the repository. Run it where the studies are.");
    }

    private Study Load(string task, SbibmData data)
    {
        string path = Path.Combine(host.Resolve(Studies), task);
        if (data.Tasks.Contains(task, StringComparer.Ordinal) && Directory.Exists(path))
        {
            return Study.Load(path, host.Catalog);
        }

        string[] known = [.. data.Tasks.Where(t => Directory.Exists(Path.Combine(host.Resolve(Studies), t)))];
        throw new CliException(
            $"--tasks: found '{task}', expected a task with reference data and a study at {path}. "
            + (known.Length > 0 ? $"There are: {string.Join(", ", known)}." : $"There is none in {host.Resolve(Studies)}: run it where the studies are."));
    }

    private List<SbibmScore> Score(SbibmRun run, SbibmMethod method, BenchRows<SbibmScore> rows)
    {
        var scores = new List<SbibmScore>();
        foreach (int number in request.Observations)
        {
            host.Cancel.ThrowIfCancellationRequested();
            SbibmScore? score = rows.All.FirstOrDefault(
                r => (r.Task, r.Method, r.Budget, r.Seed, r.Observation, r.Settings) == (run.Task, method.Name, run.Budget, run.Seed, number, run.Settings));
            if (score is null || request.Out is not null)
            {
                (score, double[] draws) = run.Score(number, host.Clock, progress: null, host.Cancel);
                rows.Add(score);
                Keep(run, method, number, draws);
            }

            host.Output.WriteLine(
                $"{run.Task}, {method.Name}, {run.Budget} simulations, seed {run.Seed}, observation {number}: {Three(score.C2st)}"
                + $" ({string.Join(", ", score.Seconds.Select(s => $"{s.Key} {Numbers.Time(TimeSpan.FromSeconds(s.Value))}"))})");
            scores.Add(score);
        }

        return scores;
    }

    private void Keep(SbibmRun run, SbibmMethod method, int number, double[] draws)
    {
        if (request.Out is { } folder)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{run.Task}-{method.Name}-{run.Budget}"), seed = run.Seed.ToString(CultureInfo.InvariantCulture);
            string path = Path.Combine(host.Resolve(folder), name, $"seed-{seed}", $"observation-{number.ToString(CultureInfo.InvariantCulture)}.csv");
            AtomicFile.Write(path, "posterior draws", stream => CsvTable.Write(stream, run.Parameters, draws));
        }
    }

    private void Print(string task, SbibmMethod method, int budget, SbibmScore[] scores)
    {
        string[] seeds = [.. request.Seeds.Select(s => $"seed {s.ToString(CultureInfo.InvariantCulture)}")];
        host.Output.WriteLine();
        host.Output.WriteLine($"{task}: C2ST (0.5 is best) of {method.Name}, {budget} simulations");
        IEnumerable<IReadOnlyList<string>> rows = scores.GroupBy(s => s.Observation).Select(o => Row(o.Key.ToString(CultureInfo.InvariantCulture), [.. o], o.First().Published));
        double? published = Array.TrueForAll(scores, s => s.Published is not null) ? scores.Average(s => s.Published) : null;
        SbibmScore[] means = [.. scores.GroupBy(s => s.Seed).Select(s => s.First() with { C2st = s.Average(o => o.C2st) })];
        TextTable.Write(host.Output, textColumns: 1, ["observation", .. seeds, "all seeds", $"published {method.Published}"], [.. rows, Row("mean", means, published)]);
        host.Output.WriteLine();
    }

    private static IReadOnlyList<string> Row(string name, SbibmScore[] scores, double? published) =>
        [name, .. scores.Select(s => Three(s.C2st)), Three(scores.Average(s => s.C2st)), published is { } number ? Three(number) : "-"];

    private static string Three(double score) => score.ToString("F3", CultureInfo.InvariantCulture);
}
