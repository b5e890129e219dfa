using System.Globalization;
using System.Text;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>Trains the asked studies, scores them and prints the scores beside the published ones.</summary>
internal sealed class SbibmBench(CliHost host, BenchRequest request)
{
    private const string Studies = "studies", Benchmark = "sbibm";
    private static readonly string UsualData = Path.Combine("..", "shared", "data");

    public void Run()
    {
        SbibmData data = OpenData();

        // Every study is read before the first is trained: a mistake in the last must not cost the time of the others.
        Study[] studies = [.. request.Tasks.Select(task => Load(task, data))];
        var scores = new List<SbibmScore>();
        foreach (Study study in studies)
        {
            double[][] observed = [.. request.Observations.Select(k => data.Observation(study.Name, (int)k, study.Observation.Count))];
            double[][] references = [.. request.Observations.Select(k => data.Reference(study.Name, (int)k, study.Prior.Count))];
            var own = new List<SbibmScore>();
            foreach (long seed in request.Seeds)
            {
                own.AddRange(Score(study with { Seed = (ulong)seed }, data, observed, references));
                Save([.. scores, .. own]);
            }

            Print(study, own);
            scores.AddRange(own);
        }
    }

    private SbibmData OpenData()
    {
        string folder = Path.Combine(host.Resolve(request.Data ?? host.DataFolder ?? UsualData), Benchmark);
        return Directory.Exists(folder) ? new SbibmData(folder) : throw new CliException(
            $"{folder}: found no such folder, expected the sbibm reference data. Name the folder that holds '{Benchmark}' with --data or QUINCUNX_DATA.");
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

    private List<SbibmScore> Score(Study study, SbibmData data, double[][] observed, double[][] references)
    {
        string seed = study.Seed.ToString(CultureInfo.InvariantCulture);
        SbibmNetwork network = SbibmNetwork.Train(study, host.Clock, host.Cancel);
        host.Output.WriteLine(
            $"{study.Name}, seed {seed}: trained in {Numbers.Time(network.TrainingTime)}, {network.Training.History.Count} epochs, best {network.Training.BestEpoch + 1}, "
            + $"validation loss {network.Training.BestValidationLoss.ToString("F4", CultureInfo.InvariantCulture)}, stopped: {network.Training.StopReason}");
        var scores = new List<SbibmScore>();
        for (int i = 0; i < observed.Length; i++)
        {
            host.Cancel.ThrowIfCancellationRequested();
            int number = (int)request.Observations[i];
            double[] draws = network.Sample(observed[i], references[i].Length / study.Prior.Count);
            if (request.Out is { } folder)
            {
                string path = Path.Combine(host.Resolve(folder), study.Name, $"seed-{seed}", $"observation-{number.ToString(CultureInfo.InvariantCulture)}.csv");
                AtomicFile.Write(path, "posterior draws", stream => CsvTable.Write(stream, [.. study.Prior.Select(p => p.Name)], draws));
            }

            scores.Add(new SbibmScore(
                study.Name, study.Inference.Simulations, study.Seed, number, network.Score(references[i], draws, host.Cancel),
                data.Published(study.Name, study.Inference.Simulations, number), network.TrainingTime.TotalSeconds));
        }

        return scores;
    }

    // After each network, so that an interruption keeps what is done.
    private void Save(IEnumerable<SbibmScore> scores)
    {
        if (request.Json is { } path)
        {
            var text = new StringBuilder();
            foreach (SbibmScore score in scores)
            {
                text.Append(JsonArtifact.Line(score)).Append('\n');
            }

            AtomicFile.WriteText(host.Resolve(path), "scores", text.ToString());
        }
    }

    private void Print(Study study, List<SbibmScore> scores)
    {
        string[] seeds = [.. request.Seeds.Select(s => $"seed {s.ToString(CultureInfo.InvariantCulture)}")];
        host.Output.WriteLine();
        host.Output.WriteLine($"{study.Name}: C2ST (0.5 is best), {study.Inference.Simulations} simulations");
        IEnumerable<IReadOnlyList<string>> rows = scores.GroupBy(s => s.Observation).Select(o => Row(o.Key.ToString(CultureInfo.InvariantCulture), [.. o], o.First().Published));
        double? published = scores.TrueForAll(s => s.Published is not null) ? scores.Average(s => s.Published) : null;
        SbibmScore[] means = [.. scores.GroupBy(s => s.Seed).Select(s => s.First() with { C2st = s.Average(o => o.C2st) })];
        TextTable.Write(host.Output, textColumns: 1, ["observation", .. seeds, "all seeds", "published NPE"], [.. rows, Row("mean", means, published)]);
        host.Output.WriteLine($"Training: {string.Join(", ", means.Select(m => Numbers.Time(TimeSpan.FromSeconds(m.Seconds))))}");
        host.Output.WriteLine();
    }

    private static IReadOnlyList<string> Row(string name, SbibmScore[] scores, double? published) =>
        [name, .. scores.Select(s => Three(s.C2st)), Three(scores.Average(s => s.C2st)), published is { } number ? Three(number) : "-"];

    private static string Three(double score) => score.ToString("F3", CultureInfo.InvariantCulture);
}
