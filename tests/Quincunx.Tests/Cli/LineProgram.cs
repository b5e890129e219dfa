using Quincunx.Cli;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Runs.Execution;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>The program with the real stages, the simulators of <see cref="LineCatalog"/> and the experiments of <see cref="LineExperiments"/>, in a process of its own or in that of a test.</summary>
internal static class LineProgram
{
    /// <summary>Starts a process of it.</summary>
    public static IReadOnlyList<string> Command { get; } = ["dotnet", "exec", typeof(LineProgram).Assembly.Location, "line"];

    /// <summary>Entry point of a process.</summary>
    /// <param name="inStep">Every report of progress is a line, and behind each line it waits for one of its input.</param>
    public static int Run(string[] args, bool inStep = false)
    {
        using var signals = new Signals();
        using TextWriter output = inStep ? new StepWriter(Console.Out, Console.In, signals.Token) : Console.Out;
        var host = new CliHost
        {
            Output = output,
            Error = Console.Error,
            // A shard saves what it has by the clock of its host; of a run, whose progress that clock slows down, by that of its plan.
            Clock = inStep ? new LeapingClock() : args.Contains("--shard", StringComparer.Ordinal) ? new HastyClock(250) : TimeProvider.System,
            Directory = "",
            Catalog = new LineCatalog(Hold.Of(args)),
            Experiments = new LineExperiments(),
            Plan = (study, engine) => StudyPlan.Of(study, engine, new HastyClock(inStep ? 2000 : 250)),
            Program = Command,
            Input = Console.In,
            Cancel = signals.Token,
        };
        return new CliApp(host).Run(args);
    }

    /// <summary>The command line of <see cref="CliCase"/> with these simulators and stages.</summary>
    public static CliCase Case() => new() { Catalog = new LineCatalog(), Experiments = new LineExperiments(), Stages = Plan };

    private static StagePlan Plan(IStudy study, IEngine engine) => StudyPlan.Of(study, engine, new HastyClock(250));

    // The 5 seconds between checkpoints pass in 20 milliseconds, so that stages of a second save some; in step in less than any epoch takes.
    private sealed class HastyClock(int haste) : TimeProvider
    {
        public override long GetTimestamp() => haste * base.GetTimestamp();
    }

    // A minute passes between any two looks, so that no report is left out for coming too soon after another.
    private sealed class LeapingClock : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => 60 * TimestampFrequency * Interlocked.Increment(ref _looks);
    }
}
