using Quincunx.Cli;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>The program with the real stages, the simulators of <see cref="LineCatalog"/> and the experiments of <see cref="LineExperiments"/>, in a process of its own or in that of a test.</summary>
internal static class LineProgram
{
    /// <summary>Starts a process of it.</summary>
    public static IReadOnlyList<string> Command { get; } = ["dotnet", "exec", typeof(LineProgram).Assembly.Location, "line"];

    /// <summary>Entry point of a process.</summary>
    public static int Run(string[] args)
    {
        using var signals = new Signals();
        var host = new CliHost
        {
            Output = Console.Out,
            Error = Console.Error,
            // A shard saves what it has by the clock of its host; of a run, whose progress that clock slows down, by that of its plan.
            Clock = args.Contains("--shard", StringComparer.Ordinal) ? new HastyClock() : TimeProvider.System,
            Directory = "",
            Catalog = new LineCatalog(),
            Experiments = new LineExperiments(),
            Plan = Plan,
            Program = Command,
            Input = Console.In,
            Cancel = signals.Token,
        };
        return new CliApp(host).Run(args);
    }

    /// <summary>The command line of <see cref="CliCase"/> with these simulators and stages.</summary>
    public static CliCase Case() => new() { Catalog = new LineCatalog(), Experiments = new LineExperiments(), Stages = Plan };

    private static StagePlan Plan(IStudy study, IEngine engine) => StudyPlan.Of(study, engine, new HastyClock());

    // The 5 seconds between checkpoints pass in 20 milliseconds, so that stages of a second save some.
    private sealed class HastyClock : TimeProvider
    {
        public override long GetTimestamp() => 250 * base.GetTimestamp();
    }
}
