using System.CommandLine;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx;
using Quincunx.Runs.Pipeline;

namespace Quincunx.Cli;

/// <summary><c>export</c>: the posterior of a run for other programs.</summary>
internal static class ExportCommand
{
    public const string Example = "quincunx export runs/lynx-hare --onnx lynx-hare.onnx\nquincunx export lynx-hare --onnx lynx-hare.onnx --json";

    private const int Pairs = 64;

    // Float32 networks of some thousand operations are off by 1e-6 to 1e-5; a wrong operation is off by far more.
    private const double LargestDifference = 1e-3;

    public static Command Create(CliHost host, Option<bool> json)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder, or the name of one under runs." };
        var onnx = new Option<string>("--onnx") { Description = "ONNX file to write: log q(theta | x), with all scaling inside.", HelpName = "FILE", Required = true };
        var command = new Command("export", "Write the posterior network of a run for other programs.") { run, onnx };
        command.SetAction(parsed => Export(host, parsed.GetValue(run)!, parsed.GetValue(onnx)!, parsed.GetValue(json)));
        return command;
    }

    private static int Export(CliHost host, string run, string file, bool json)
    {
        string path = host.Resolve(file);
        TrainedRun trained = TrainedRun.Read(RunPath.Of(host, run));
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["quincunx.study"] = trained.Study };
        OnnxModel model = PosteriorExport.Of(trained.Posterior, trained.Facts.Parameters, metadata);
        double difference = PosteriorExport.LargestDifference(model, trained.Posterior, Pairs, new Rng(0));
        if (!(difference <= LargestDifference))
        {
            // Neither the study's fault nor the disk's.
            throw new InvalidOperationException($"The model's log q differs from the network's by {difference:G2} of its size.");
        }

        FileFingerprint written = model.Write(path);
        if (json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new Record(
                "export", trained.Study, path, written.Sha256, written.Bytes, [.. trained.Facts.Parameters], model.Inputs, model.Outputs, model.Operators, difference, ExitCode.Success)));
            return ExitCode.Success;
        }

        host.Output.WriteLine($"Wrote {path}: log q(theta | x) of {trained.Study}, {Numbers.Count(written.Bytes)} bytes.");
        foreach (OnnxPort port in model.Inputs)
        {
            host.Output.WriteLine($"  in   {port}{(port.Name == PosteriorExport.Theta ? $" ({string.Join(", ", trained.Facts.Parameters)})" : "")}");
        }

        foreach (OnnxPort port in model.Outputs)
        {
            host.Output.WriteLine($"  out  {port}");
        }

        host.Output.WriteLine(
            $"Evaluated operator by operator ({Numbers.Count(model.Operators.Values.Sum())} nodes) it agrees with the network to {Numbers.Short(difference)} of log q at {Pairs} pairs.");
        return ExitCode.Success;
    }

    private sealed record Record(
        string Event, string Study, string File, string Sha256, long Bytes, IReadOnlyList<string> Parameters, IReadOnlyList<OnnxPort> Inputs, IReadOnlyList<OnnxPort> Outputs,
        IReadOnlyDictionary<string, int> Operators, double Difference, int ExitCode);
}
