using Quincunx.Cli.Progress;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>Makes one shard of a study's simulations and prints what came out.</summary>
internal sealed class ShardRun(CliHost host, ShardRequest request, IProgressDisplay display)
{
    /// <returns>The exit code.</returns>
    public int Run()
    {
        using Study study = request.Source.LoadSimulated(host);
        string folder = host.Resolve(request.To ?? ShardRequest.DefaultFolder(study.Name)), file = Path.Combine(folder, request.Shard.FileName);
        string run = host.Resolve(request.Run ?? RunFolder.DefaultPath(study));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(host.Cancel);
        if (request.IsLeashed)
        {
            new Thread(() => Follow(host.Input, stop)) { IsBackground = true, Name = "standard input" }.Start();
        }

        try
        {
            (int rows, int failed, bool wasThere) = display.Show(progress => Make(study, run, folder, progress, stop.Token));
            Print(study, file, rows, failed, wasThere);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            string message = $"Interrupted. What is done of shard {request.Shard} is kept in {folder}; the same command goes on from there.";
            host.Error.WriteLine(message);
            if (request.Json)
            {
                host.Output.WriteLine(JsonArtifact.Line(new Interruption("interrupted", "interrupted", ExitCode.Interrupted, message)));
            }

            return ExitCode.Interrupted;
        }
    }

    private static void Follow(TextReader input, CancellationTokenSource stop)
    {
        try
        {
            while (input.Read() >= 0)
            {
            }

            stop.Cancel();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The work has ended before.
        }
    }

    private (int Rows, int Failed, bool WasThere) Make(Study study, string run, string folder, IProgress<StageProgress> display, CancellationToken cancel)
    {
        string name = $"shard {request.Shard}";
        long began = host.Clock.GetTimestamp();
        void Report(StageEvent what, SimulationProgress at, double rate, string? message) => display.Report(
            new StageProgress(name, 0, 1, what, at.Done, at.Total, rate, "simulations", what == StageEvent.Working ? [("failed", at.Failed)] : [], message));
        Report(StageEvent.Started, default, double.NaN, $"round {request.Round}");
        long first = -1;
        var progress = new Relay<SimulationProgress>(p =>
        {
            first = first < 0 ? p.Done : first;
            double seconds = host.Clock.GetElapsedTime(began).TotalSeconds;
            Report(StageEvent.Working, p, p.Done > first && seconds > 0 ? (p.Done - first) / seconds : double.NaN, message: null);
        });
        void Warn(string message)
        {
            Report(StageEvent.Warning, default, double.NaN, message);
            if (request.Quiet)
            {
                host.Error.WriteLine("Warning: " + message);        // goes to the log of a job
            }
        }

        ProgramSimulator? program = study.Program?.Simulator;
        program?.LogTo(Path.Combine(folder, "programs", Path.GetFileNameWithoutExtension(request.Shard.FileName)));     // each process has a folder of its own
        program?.WarnTo(Warn);
        (int, int, bool) made = ShardJob.Make(study, request.Round, run, request.Shard, folder, host.Clock, Warn, progress, cancel);
        foreach (string warning in program?.Warnings ?? [])
        {
            Warn(warning);
        }

        Report(StageEvent.Completed, default, double.NaN, message: null);
        return made;
    }

    private void Print(Study study, string file, int rows, int failed, bool wasThere)
    {
        if (request.Json)
        {
            host.Output.WriteLine(JsonArtifact.Line(new Summary("shard", study.Name, file, request.Shard.ToString(), request.Round, rows, failed, wasThere, ExitCode.Success)));
        }
        else if (!request.Quiet)
        {
            host.Output.WriteLine($"{(wasThere ? "There already" : "Wrote")}: {file}, {Numbers.Count(rows)} simulations{(failed > 0 ? $", {Numbers.Count(failed)} of them failed" : "")}.");
        }
    }

    private sealed record Summary(string Event, string Study, string File, string Shard, int Round, int Rows, int Failed, bool WasThere, int ExitCode);

    private sealed record Interruption(string Event, string Kind, int ExitCode, string Message);
}
