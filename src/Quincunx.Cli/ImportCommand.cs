using System.CommandLine;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary><c>import</c>: simulations that were made elsewhere, for a study that has them in place of a simulator.</summary>
internal static class ImportCommand
{
    public const string Example = "quincunx import my-study cluster-run.npz\nquincunx import my-study table.csv";

    public static Command Create(CliHost host, Option<bool> json)
    {
        var study = new Argument<string>("STUDY") { Description = "A study file, or a folder with a study.yaml, whose simulator is { recorded: FILE }." };
        var file = new Argument<string>("FILE") { Description = "Simulations: .npz (theta and x), .npy (one array, theta before x) or .csv (a column for each name)." };
        var command = new Command("import", "Check simulations made elsewhere and put them where a study of recorded simulations has them.") { study, file };
        command.SetAction(parsed => Import(host, parsed.GetValue(study)!, host.Resolve(parsed.GetValue(file)!), parsed.GetValue(json)));
        return command;
    }

    private static int Import(CliHost host, string path, string file, bool json)
    {
        // Read as if the study had the file already: all that a run would complain of is found here.
        using Study study = new StudyBuilder(host.Resolve(path), host.Catalog, observation: null, recorded: file).Build();
        StudyRecording recording = study.Recorded ?? throw new CliException(
            $"{study.File}: found a study whose simulations are made by {study.SimulatorName}, expected one of recorded simulations (simulator: {{ recorded: FILE }}).");
        string target = Path.Combine(Path.GetDirectoryName(study.File) ?? "", recording.Input.Name);
        FileFingerprint written = RowTable.Write(target, recording.Parameters, study.Simulator.OutputNames, recording.Count, use => use(recording.Rows()));
        if (json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new Record(
                "import", study.Name, target, written.Sha256, written.Bytes, recording.Parameters, study.Simulator.OutputNames, recording.Count, recording.HeldOut, ExitCode.Success)));
        }
        else
        {
            host.Output.WriteLine(
                $"Wrote {target}: {Numbers.Count(recording.Count)} simulations, of which the last {Numbers.Count(recording.HeldOut)} are for checking calibration, {Numbers.Count(written.Bytes)} bytes.");
        }

        return ExitCode.Success;
    }

    private sealed record Record(
        string Event, string Study, string File, string Sha256, long Bytes, IReadOnlyList<string> Parameters, IReadOnlyList<string> Outputs, long Rows, long HeldOut, int ExitCode);
}
