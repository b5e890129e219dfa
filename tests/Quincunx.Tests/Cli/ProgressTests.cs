using Quincunx.Cli.Progress;
using Quincunx.Runs.Store;
using Spectre.Console;

namespace Quincunx.Tests.Cli;

public sealed class ProgressTests
{
    [Fact]
    public void Plain_AnHourOfReports_IsALineEveryTwoSecondsAtMost()
    {
        var clock = new ManualClock();
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PlainProgress(output, clock);
        progress.Report(Event("train", StageEvent.Started, "not run before"));
        for (int epoch = 1; epoch <= 3600; epoch++)
        {
            clock.Now += TimeSpan.FromSeconds(0.5);
            progress.Report(Working("train", epoch, 3600, rate: 2, ("loss", 1.25), ("validation loss", 1.375)));
        }

        progress.Report(Event("train", StageEvent.Completed, null));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 900 + 1, lines.Length);                // the last report is always shown
        Assert.Equal("train (1 of 2): started, not run before", lines[0]);
        Assert.Equal("train: 1 of 3600 epochs, 2 epochs/s, loss 1.25, validation loss 1.375, 29 min 59 s left", lines[1]);
        Assert.Equal("train: 5 of 3600 epochs, 2 epochs/s, loss 1.25, validation loss 1.375, 29 min 57 s left", lines[2]);
        Assert.Equal("train: 3600 of 3600 epochs, 2 epochs/s, loss 1.25, validation loss 1.375", lines[^2]);
        Assert.Equal("train (1 of 2): done in 30 min 0 s", lines[^1]);
    }

    [Fact]
    public void Run_NoTerminal_PrintsPlainLines()
    {
        using var cli = new CliCase { Clock = new ManualClock() };
        Assert.Equal(0, cli.Run("run", "toy"));
        Assert.StartsWith("""
            simulate-1 (1 of 5): started, not run before
            simulate-1: 2 of 100 simulations
            simulate-1: 100 of 100 simulations
            simulate-1 (1 of 5): done in 0.0 s
            train-1 (2 of 5): started, not run before
            train-1: 1 of 2 epochs, loss 1.5, validation -
            train-1: 2 of 2 epochs, loss 1.5, validation -
            train-1: warning: two epochs are few [a warning]
            train-1 (2 of 5): done in 0.0 s

            """.ReplaceLineEndings("\n"), cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Quiet_PrintsNothing()
    {
        using var cli = new CliCase();
        Assert.Equal(0, cli.Run("run", "toy", "--quiet"));
        Assert.Equal(("", ""), (cli.Output, cli.Error));
    }

    [Fact]
    public void Run_OnATerminal_DrawsABarForEachStage()
    {
        using var screen = new StringWriter();
        using var cli = new CliCase
        {
            Terminal = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(screen),
            }),
        };
        Assert.Equal(0, cli.Run("run", "toy"));
        string drawn = screen.ToString();
        foreach (string stage in new[] { "simulate-1 (1 of 5)", "train-1 (2 of 5)", "report (5 of 5)", "train-1: warning: two epochs are few [a warning]", "done in" })
        {
            Assert.Contains(stage, drawn, StringComparison.Ordinal);
        }

        Assert.Contains("Verdict: trusted", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FailingOnATerminal_StillEndsWithItsMessage()
    {
        using var screen = new StringWriter();
        using var cli = new CliCase
        {
            InTraining = () => throw new InvalidOperationException("Oops."),
            Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(screen) }),
        };
        Assert.Equal(1, cli.Run("run", "toy"));
        Assert.StartsWith("Unexpected error, InvalidOperationException: Oops.", cli.Error, StringComparison.Ordinal);
    }

    private static StageProgress Event(string stage, StageEvent what, string? message) => new(stage, 0, 2, what, 0, 0, double.NaN, "", [], message);

    private static StageProgress Working(string stage, double done, double total, double rate, params (string, double)[] values) =>
        new(stage, 0, 2, StageEvent.Working, done, total, rate, "epochs", values, null);

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;
    }
}
