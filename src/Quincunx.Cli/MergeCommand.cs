using System.CommandLine;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary><c>merge</c>: joins shards into a run's simulations.</summary>
internal static class MergeCommand
{
    public const string Example = "quincunx merge studies/lynx-hare shards/lynx-hare\nquincunx merge studies/lynx-hare node1/*.npz node2/*.npz --out runs/second";

    public static Command Create(CliHost host, Option<bool> json)
    {
        var study = new Argument<string>("STUDY") { Description = "A study file, or a folder with a study.yaml." };
        var files = new Argument<string[]>("SHARDS") { Description = "Files of shards, or folders with them; shards/NAME if absent.", Arity = ArgumentArity.ZeroOrMore };
        var folder = new Option<string?>("--out") { Description = "Folder of the run; runs/NAME if absent.", HelpName = "DIR" };
        StudyOptions options = new();
        var command = new Command("merge", "Join shards of a study's simulations into its run. What is missing can come later.") { study, files, folder, options.Observation, options.Seed, options.Quiet };
        command.SetAction(parsed => new Merge(
            host, options.Source(parsed, parsed.GetValue(study)!), parsed.GetValue(files) ?? [], parsed.GetValue(folder),
            parsed.GetValue(json), parsed.GetValue(options.Quiet)).Run());
        return command;
    }

    private sealed class Merge(CliHost host, StudySource source, IReadOnlyList<string> given, string? output, bool json, bool quiet)
    {
        public int Run()
        {
            using Study study = source.LoadSimulated(host);
            string path = host.Resolve(output ?? RunFolder.DefaultPath(study));
            List<string> unusable = [];
            (IReadOnlyList<string> files, int last) = Sort(Files(given.Count > 0 ? given : [ShardRequest.DefaultFolder(study.Name)]), study, unusable);
            var engine = new MergeEngine(files);
            StagePlan plan = host.Plan(study, engine);
            string? awaited = null;
            using (RunFolder folder = RunFolder.Open(path, study, host.Clock))
            {
                try
                {
                    StudyCommand.Display(host, json, quiet).Show(progress => new StageEngine(folder, plan.Stages, progress).Run($"simulate-{last}", host.Cancel));
                }
                catch (WorkAwaitedException e)
                {
                    awaited = e.Message;
                }
            }

            unusable.AddRange(engine.Unusable);
            int code = unusable.Count > 0 ? ExitCode.BadInput : awaited is not null ? ExitCode.Interrupted : ExitCode.Success;
            Print(study, path, files.Count - engine.Unusable.Count, engine.Added, unusable, awaited, code);
            return code;
        }

        private List<string> Files(IReadOnlyList<string> paths)
        {
            List<string> files = [];
            foreach (string path in paths.Select(host.Resolve))
            {
                string[] found = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "shard-*" + ShardFile.Extension).Order(StringComparer.Ordinal)] : [path];
                files.AddRange(found.Length > 0 ? found : throw new CliException($"{path}: found a folder without shards, expected files shard-*{ShardFile.Extension}."));
            }

            return files;
        }

        // Files of rounds that the study does not have, or that say nothing, are told apart here: no stage would look at them.
        private static (IReadOnlyList<string> Files, int LastRound) Sort(IReadOnlyList<string> files, Study study, List<string> unusable)
        {
            List<string> usable = [];
            int last = 1;
            foreach (string file in files)
            {
                try
                {
                    string campaign = ShardFile.ReadAbout(file).Campaign;
                    int round = Enumerable.Range(1, study.Inference.Rounds).FirstOrDefault(r => RunFiles.Round(r) == campaign);
                    last = round > 0 ? Math.Max(last, round) : throw new ArtifactException(file, $"events of '{campaign}'", $"those of a round of {study.Name}, which has {study.Inference.Rounds}");
                    usable.Add(file);
                }
                catch (ArtifactException e)
                {
                    unusable.Add(e.Message);
                }
            }

            return (usable, last);
        }

        private void Print(Study study, string path, int used, long added, IReadOnlyList<string> unusable, string? awaited, int code)
        {
            foreach (string problem in unusable)
            {
                host.Error.WriteLine(problem + " It was left out.");
            }

            if (json)
            {
                host.Output.WriteLine(JsonArtifact.Line(new Summary("merge", study.Name, path, used, added, unusable, awaited, code)));
                return;
            }

            if (awaited is not null)
            {
                host.Error.WriteLine(awaited);
            }

            if (!quiet)
            {
                host.Output.WriteLine($"{Numbers.Count(used)} files, {Numbers.Count(added)} simulations that were not there before. Folder: {path}");
            }
        }
    }

    private sealed record Summary(string Event, string Study, string Folder, int Files, long Added, IReadOnlyList<string> Unusable, string? Missing, int ExitCode);
}
