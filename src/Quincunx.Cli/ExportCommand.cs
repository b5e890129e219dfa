using System.CommandLine;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Cli;

/// <summary><c>export</c>: the posterior of a run for other programs.</summary>
internal static class ExportCommand
{
    public const string Example = "quincunx export runs/lynx-hare --onnx lynx-hare.onnx\nquincunx export lynx-hare --onnx lynx-hare.onnx --sampler lynx-hare-draws.onnx --json";

    private const int Pairs = 64;

    // Float32 networks of some thousand operations are off by 1e-6 to 1e-5; a wrong operation is off by far more.
    private const double LargestDifference = 1e-3;

    public static Command Create(CliHost host, Option<bool> json)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder, or the name of one under runs." };
        var onnx = new Option<string>("--onnx") { Description = "ONNX file to write: log q(theta | x), with all scaling inside.", HelpName = "FILE", Required = true };
        var sampler = new Option<string?>("--sampler") { Description = "ONNX file to write: draws of theta, from standard normal numbers and x.", HelpName = "FILE" };
        var command = new Command("export", "Write the posterior network of a run for other programs.") { run, onnx, sampler };
        command.SetAction(parsed => Export(host, parsed.GetValue(run)!, parsed.GetValue(onnx)!, parsed.GetValue(sampler), parsed.GetValue(json)));
        return command;
    }

    private static int Export(CliHost host, string run, string density, string? sampler, bool json)
    {
        string densityPath = host.Resolve(density);
        string? samplerPath = sampler is null ? null : host.Resolve(sampler);
        TrainedRun trained = TrainedRun.Read(RunPath.Of(host, run));
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

    private sealed record Record(
        string Event, string Study, string File, string Sha256, long Bytes, IReadOnlyList<string> Parameters, IReadOnlyList<OnnxPort> Inputs, IReadOnlyList<OnnxPort> Outputs,
        IReadOnlyDictionary<string, int> Operators, double Difference, int ExitCode);
}
