using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Store;

/// <summary>A small pipeline with the shape of a real one: checkpointed simulation and training, draws, and a report.</summary>
internal static class ToyRun
{
    public static IReadOnlyList<IStage> Stages(ulong seed = 1, int epochs = 4, string title = "toy", int delayMilliseconds = 0) =>
    [
        new ToyStage("simulate", [], h => h.Add("seed", seed), (context, cancel) => Simulate(context, seed, delayMilliseconds, cancel)),
        new ToyStage("train", ["simulations.npz"], h => h.Add("epochs", epochs), (context, cancel) => Train(context, epochs, delayMilliseconds, cancel)),
        new ToyStage("sample", ["network.npz"], h => h.Add("seed", seed), (context, _) => Sample(context, seed)),
        new ToyStage("report", ["posterior.csv"], h => h.Add("title", title), (context, _) => Report(context, title)),
    ];

    public static RunFolder Open(string path, DiskStep? step = null, string study = "toy") =>
        RunFolder.Open(path, study, "A toy", seed: 1, [], TimeProvider.System, step);

    /// <summary>Everything that must not depend on interruptions: all files but the manifest's times and the folder's own locks.</summary>
    public static SortedDictionary<string, string> Contents(string path)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(path, file);
            if (name is not (".lock" or ".lock-holder" or RunManifest.FileName))
            {
                contents[name] = FileFingerprint.Of(file).Sha256;
            }
        }

        foreach (StageRecord stage in RunFolder.ReadManifest(path)!.Stages)
        {
            contents["manifest: " + stage.Name] = $"{stage.Status} {stage.InputHash} {string.Join(", ", stage.Outputs)}";
        }

        return contents;
    }

    /// <summary>Entry point of the process that a test kills.</summary>
    public static int RunIn(string path)
    {
        using RunFolder folder = Open(path);
        new StageEngine(folder, Stages(delayMilliseconds: 2)).Run(last: null, CancellationToken.None);
        return 0;
    }

    private static void Simulate(StageContext context, ulong seed, int delay, CancellationToken cancel)
    {
        const int Count = 60;
        double[] x = new double[Count];
        int done = 0;
        Checkpoint checkpoint = context.Checkpoint();
        checkpoint.TryLoad(stream => done = Load(stream, x));
        for (; done < Count; done++)
        {
            cancel.ThrowIfCancellationRequested();
            if (done % 10 == 0)
            {
                checkpoint.Save(stream => Save(stream, done, x));
                Thread.Sleep(delay);
                context.Report(done, Count, "simulations");
            }

            x[done] = new Rng(seed).Split(done).NextDouble();
        }

        context.WriteNpz("simulations.npz", "simulations", ("x", NpyArray.Of(x)));
    }

    private static void Train(StageContext context, int epochs, int delay, CancellationToken cancel)
    {
        double[] x = NpzFile.Read(context.Input("simulations.npz")).Values<double>("x", 60);
        double[] state = new double[1 + epochs];
        int epoch = 0;
        Checkpoint checkpoint = context.Checkpoint("weights");
        checkpoint.TryLoad(stream => epoch = Load(stream, state));
        for (; epoch < epochs; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            checkpoint.Save(stream => Save(stream, epoch, state));
            Thread.Sleep(delay);
            foreach (double value in x)
            {
                state[0] += 0.01 * (value - state[0]);
            }

            state[1 + epoch] = state[0];
            context.Report(epoch + 1, epochs, "epochs", null, ("loss", state[0]));
        }

        context.WriteNpz("network.npz", "the network", ("weights", NpyArray.Of(state)));
        context.WriteCsv("history.csv", "the training history", ["loss"], state[1..]);
    }

    private static void Sample(StageContext context, ulong seed)
    {
        double mean = NpzFile.Read(context.Input("network.npz")).Values<double>("weights")[0];
        double[] draws = [.. Enumerable.Range(0, 20).Select(i => mean + new Rng(seed).Split("draws").Split(i).NextDouble())];
        context.WriteCsv("posterior.csv", "posterior draws", ["theta"], draws);
        context.WriteNpz("posterior.npz", "posterior draws", ("theta", NpyArray.Of(draws, 20, 1)));
    }

    private static void Report(StageContext context, string title)
    {
        int rows = CsvTable.Read(context.Input("posterior.csv")).Rows.Count;
        context.WriteText("figures/corner.svg", "a figure", $"<svg><!-- {rows} --></svg>\n");
        context.WriteJson("metrics.json", "metrics", new Metrics(title, rows, double.NaN));
    }

    private static void Save(Stream stream, int done, double[] values)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(done);
        foreach (double value in values)
        {
            writer.Write(value);
        }
    }

    private static int Load(Stream stream, double[] values)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        int done = reader.ReadInt32();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadDouble();
        }

        return done;
    }

    private sealed record Metrics(string Title, int Rows, double Nothing);
}
