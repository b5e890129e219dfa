using Quincunx.Cli.Progress;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>Brings a study's run up to date and prints what came out.</summary>
internal sealed class StudyRun(CliHost host, StudyRunRequest request, IProgressDisplay display)
{
    /// <returns>The exit code.</returns>
    public int Run()
    {
        using IStudy study = request.Source.Load(host);
        ExecutionSettings execution = (study as Study)?.Execution ?? new();
        IEngine engine = Engines.Of(execution with { Engine = request.Engine ?? execution.Engine }, request.Source.Worker(host), host.Environment);
        StagePlan plan = host.Plan(study, engine);
        string? last = request.Command == "run" ? null : plan.LastStage(request.Command);
        string path = host.Resolve(request.Out ?? RunFolder.DefaultPath(study));
        long began = host.Clock.GetTimestamp();
        try
        {
            using RunFolder folder = RunFolder.Open(path, study, host.Clock);
            ProgramSimulator? program = (study as Study)?.Program?.Simulator;
            program?.LogTo(Path.Combine(path, "programs"));
            IReadOnlyList<StageSummary> stages = display.Show(progress => new StageEngine(folder, plan.Stages, progress).Run(last, host.Cancel));
            foreach (string warning in program?.Warnings ?? [])
            {
                host.Error.WriteLine("Warning: " + warning);
            }

            RunResult result = RunResult.Read(path, folder.Manifest, [.. stages.Select(s => s.Name)]);
            Print(study, result, stages, host.Clock.GetElapsedTime(began));
            return result.ExitCode;
        }
        catch (WorkAwaitedException e)
        {
            return SayAwaited(path, e.Message);
        }
        catch (OperationCanceledException) when (host.Cancel.IsCancellationRequested)
        {
            return SayInterrupted(path);
        }
    }

    private void Print(IStudy study, RunResult result, IReadOnlyList<StageSummary> stages, TimeSpan elapsed)
    {
        if (request.Json)
        {
            StageRecord[] done = [.. stages.Select(s => new StageRecord(s.Name, s.Reused, s.Seconds, s.Reason))];
            host.Output.WriteLine(JsonArtifact.Line(new Summary(
                "summary", request.Command, study.Name, result.Folder, result.ExitCode, result.Metrics?.Verdict, result.Metrics?.Parameters, result.Metrics?.Quantities, done,
                result.Report, elapsed.TotalSeconds)));
            return;
        }

        if (request.Quiet)
        {
            return;
        }

        int reused = stages.Count(s => s.Reused), run = stages.Count - reused;
        host.Output.WriteLine();
        result.WriteTo(host.Output);
        host.Output.WriteLine(
            $"{run} {(run == 1 ? "stage" : "stages")} run and {reused} reused in {Numbers.Time(elapsed)}. Folder: {result.Folder}");
    }

    private int SayInterrupted(string path) =>
        Say(path, $"Interrupted. What is done so far is kept in {path}; the same command goes on from there:\n  {Resume}", "interrupted");

    private int SayAwaited(string path, string what) => Say(path, $"{what}\n  {Resume}", "awaited");

    private string Resume => "quincunx " + ShellText.Join(request.Arguments);

    private int Say(string path, string message, string kind)
    {
        host.Error.WriteLine(message);
        if (request.Json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new Interruption("interrupted", kind, ExitCode.Interrupted, message, request.Command, path, Resume)));
        }

        return ExitCode.Interrupted;
    }

    private sealed record StageRecord(string Name, bool Reused, double Seconds, string Reason);

    private sealed record Summary(
        string Event, string Command, string Study, string Folder, int ExitCode, RunVerdict? Verdict, IReadOnlyList<ParameterSummary>? Parameters, IReadOnlyList<QuantitySummary>? Quantities,
        IReadOnlyList<StageRecord> Stages, string? Report, double Seconds);

    // As every error has them, kind, exit code and message come first.
    private sealed record Interruption(string Event, string Kind, int ExitCode, string Message, string Command, string Folder, string Resume);
}
