using System.CommandLine;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Onnx;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary><c>export</c>: the posterior or the simulations of a run for other programs.</summary>
internal static class ExportCommand
{
    public const string Example = "quincunx export runs/lynx-hare --onnx lynx-hare.onnx\nquincunx export lynx-hare --onnx lynx-hare.onnx --sampler lynx-hare-draws.onnx --json\nquincunx export lynx-hare --simulations lynx-hare.npz";

    private const int Pairs = 64;

    // Float32 networks of some thousand operations are off by 1e-6 to 1e-5; a wrong operation is off by far more.
    private const double LargestDifference = 1e-3;

    public static Command Create(CliHost host, Option<bool> json)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder, or the name of one under runs." };
        var onnx = new Option<string?>("--onnx") { Description = "ONNX file to write: log q(theta | x), with all scaling inside.", HelpName = "FILE" };
        var sampler = new Option<string?>("--sampler") { Description = "ONNX file to write: draws of theta, from standard normal numbers and x.", HelpName = "FILE" };
        var simulations = new Option<string?>("--simulations") { Description = "File to write the simulations to: .npz (theta and x), .npy (one array, theta before x) or .csv.", HelpName = "FILE" };
        var round = new Option<int?>("--round") { Description = "Which round's simulations; the last if absent.", HelpName = "N" };
        var study = new Option<string?>("--study") { Description = "Study of the run: a file, or a folder with a study.yaml. Needed where its embedding is of an assembly.", HelpName = "STUDY" };
        var command = new Command("export", "Write the posterior network or the simulations of a run for other programs.") { run, onnx, sampler, simulations, round, study };
        command.Validators.Add(result =>
        {
            if (result.GetValue(onnx) is null && (result.GetValue(simulations) is null || result.GetValue(sampler) is not null))
            {
                result.AddError("Found nothing to write, expected --onnx FILE, --simulations FILE or both; --sampler goes with --onnx.");
            }
        });
        command.SetAction(parsed =>
        {
            string folder = RunPath.Of(host, parsed.GetValue(run)!);
            if (parsed.GetValue(simulations) is { } table)
            {
                ExportSimulations(host, folder, host.Resolve(table), parsed.GetValue(round), parsed.GetValue(json));
            }

            return parsed.GetValue(onnx) is { } density ? Export(host, folder, density, parsed.GetValue(sampler), parsed.GetValue(study), parsed.GetValue(json)) : ExitCode.Success;
        });
        return command;
    }

    private static void ExportSimulations(CliHost host, string folder, string path, int? wanted, bool json)
    {
        RunManifest manifest = RunFolder.ReadManifest(folder) ?? throw new ArtifactException(
            folder, Directory.Exists(folder) ? "a folder without " + RunManifest.FileName : "no such folder", "the folder of a run");
        int[] rounds = [.. Enumerable.Range(1, manifest.Stages.Count).Where(r => manifest.Find(StudyModel.SimulationStream(r)) is { Status: StageStatus.Complete })];
        if (rounds.Length == 0 || (wanted is { } asked && !rounds.Contains(asked)))
        {
            throw new ArtifactException(
                folder, rounds.Length == 0 ? "a run without complete simulations" : $"rounds {string.Join(", ", rounds)}", wanted is null ? "one with them (run the study first)" : $"the simulations of round {wanted}");
        }

        int round = wanted ?? rounds[^1];
        using var reader = CampaignReader.Open(Path.Combine(folder, RunFiles.Store), Path.Combine(folder, RunFiles.Simulations(round)));
        FileFingerprint written = reader.Export(path);
        if (json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new SimulationsRecord(
                "export", manifest.Study, path, written.Sha256, written.Bytes, round, reader.Index.Parameters, reader.Index.Outputs, reader.Index.Rows, reader.Index.Failed, ExitCode.Success)));
            return;
        }

        host.Output.WriteLine(
            $"Wrote {path}: {Numbers.Count(reader.Index.Rows)} simulations of {manifest.Study}, round {round}, {Numbers.Count(reader.Index.Failed)} of them failed, {Numbers.Count(written.Bytes)} bytes.");
    }

    private static int Export(CliHost host, string folder, string density, string? sampler, string? study, bool json)
    {
        string densityPath = host.Resolve(density);
        string? samplerPath = sampler is null ? null : host.Resolve(sampler);
        using Study? loaded = study is null ? null : new StudySource(study, Observation: null, Seed: null).LoadSimulated(host);
        TrainedRun trained = TrainedRun.Read(folder, loaded);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["quincunx.study"] = trained.Study };
        OnnxModel model = PosteriorExport.Of(trained.Posterior, trained.Facts.Parameters, metadata);
        Say(host, trained, model, densityPath, "log q(theta | x)", PosteriorExport.LargestDifference(model, trained.Posterior, Pairs, new Rng(0)), json);
        if (samplerPath is not null)
        {
            OnnxModel draws = PosteriorExport.SamplerOf(trained.Posterior, trained.Facts.Parameters, metadata);
            Say(host, trained, draws, samplerPath, "draws of theta", PosteriorExport.LargestDifferenceOfDraws(draws, trained.Posterior, Pairs, new Rng(0)), json);
        }

        return ExitCode.Success;
    }

    private static void Say(CliHost host, TrainedRun trained, OnnxModel model, string path, string what, double difference, bool json)
    {
        if (!(difference <= LargestDifference))
        {
            // Neither the study's fault nor the disk's.
            throw new InvalidOperationException($"The model's {what} differs from the network's by {difference:G2} of its size.");
        }

        FileFingerprint written = model.Write(path);
        if (json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new Record(
                "export", trained.Study, path, written.Sha256, written.Bytes, [.. trained.Facts.Parameters], model.Inputs, model.Outputs, model.Operators, difference, ExitCode.Success)));
            return;
        }

        host.Output.WriteLine($"Wrote {path}: {what} of {trained.Study}, {Numbers.Count(written.Bytes)} bytes.");
        foreach ((string side, OnnxPort port) in (IEnumerable<(string, OnnxPort)>)[.. model.Inputs.Select(p => ("in ", p)), .. model.Outputs.Select(p => ("out", p))])
        {
            host.Output.WriteLine($"  {side}  {port}{(port.Name == PosteriorExport.Theta ? $" ({string.Join(", ", trained.Facts.Parameters)})" : "")}");
        }

        host.Output.WriteLine(
            $"Evaluated operator by operator ({Numbers.Count(model.Operators.Values.Sum())} nodes) it agrees with the network to {Numbers.Short(difference)}, at {Pairs} pairs.");
    }

    private sealed record SimulationsRecord(
        string Event, string Study, string File, string Sha256, long Bytes, int Round, IReadOnlyList<string> Parameters, IReadOnlyList<string> Outputs, long Rows, long Failed, int ExitCode);

    private sealed record Record(
        string Event, string Study, string File, string Sha256, long Bytes, IReadOnlyList<string> Parameters, IReadOnlyList<OnnxPort> Inputs, IReadOnlyList<OnnxPort> Outputs,
        IReadOnlyDictionary<string, int> Operators, double Difference, int ExitCode);
}
