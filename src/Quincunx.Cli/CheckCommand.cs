using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Checks;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary><c>check</c>: validates a study and tries its simulator, if it has one.</summary>
internal static class CheckCommand
{
    public const string Example = "quincunx check studies/lynx-hare\nquincunx check studies/lynx-hare --simulations 2000";
    private const int Most = 1_000_000;

    public static Command Create(CliHost host, Option<bool> json)
    {
        var study = new Argument<string>("STUDY") { Description = "A study file, or a folder with a study.yaml." };
        var observation = new Option<string?>("--observation") { Description = "CSV file with other data than the study's.", HelpName = "FILE" };
        var simulations = new Option<int>("--simulations")
        {
            Description = "Simulations from the prior to try.",
            HelpName = "N",
            DefaultValueFactory = _ => 200,
            CustomParser = ReadCount,
        };
        var command = new Command("check", "Validate a study file and try its simulator on the prior.") { study, observation, simulations };
        command.SetAction(parsed =>
        {
            string? data = parsed.GetValue(observation);
            using IStudy either = StudyFile.Load(host.Resolve(parsed.GetValue(study)!), host.Catalog, host.Experiments, data is null ? null : host.Resolve(data));
            if (either is ExperimentStudy experiment)
            {
                WriteExperiment(host, experiment, parsed.GetValue(json));
                return ExitCode.Success;
            }

            var loaded = (Study)either;
            SimulatorCheck check = SimulatorChecker.Run(loaded, parsed.GetValue(simulations), host.Clock, host.Cancel);
            int code = check.Problems.Count > 0 ? ExitCode.BadInput : ExitCode.Success;
            if (parsed.GetValue(json))
            {
                host.Output.WriteLine(JsonArtifact.Line(Record.Of(loaded, check, code)));
            }
            else
            {
                CheckText.Write(host.Output, loaded, check);
            }

            foreach (string problem in check.Problems)
            {
                host.Error.WriteLine("Problem: " + problem);
            }

            return code;
        });
        return command;
    }

    private static void WriteExperiment(CliHost host, ExperimentStudy study, bool asJson)
    {
        if (asJson)
        {
            ExperimentCheckText.WriteJson(host.Output, study);
        }
        else
        {
            ExperimentCheckText.WriteText(host.Output, study, host.Experiments.OptionsOf(study.ExperimentName));
        }
    }

    private static int ReadCount(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= Most)
        {
            return count;
        }

        result.AddError($"--simulations: found '{text}', expected a whole number from 1 to {Most}.");
        return 0;
    }

    private sealed record Parameter(string Name, string Prior);

    private sealed record Record(
        string Event, string Study, string File, string Simulator, IReadOnlyList<Parameter> Parameters, SimulatorCheck Check, int ExitCode)
    {
        public static Record Of(Study study, SimulatorCheck check, int code) => new(
            "check", study.Name, study.File, study.SimulatorName, [.. study.Prior.Select(p => new Parameter(p.Name, p.ToString()))], check, code);
    }
}
