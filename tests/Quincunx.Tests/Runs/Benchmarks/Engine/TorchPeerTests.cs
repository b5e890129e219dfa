using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Tests.Runs.Benchmarks.Engine;

/// <summary>What is read from the peer's process; a shell stands in for Python.</summary>
public sealed class TorchPeerTests
{
    private const string Shell = "/bin/sh", Variable = "OPENBLAS_CORETYPE";

    private static readonly EngineRow[] Rows =
    [
        new("step", 1, "float32", 0.5, Units.Milliseconds, 2, "1 ms (target)"), new("step", 2, "float32", 0.5, Units.Milliseconds, 2, "1 ms (target)"),
    ];

    [Fact]
    public void Run_ScriptThatAnswers_GivesARowForEachNumberOfThreads()
    {
        if (!File.Exists(Shell))
        {
            return;
        }

        using var scratch = new ScratchFolder();
        scratch.Write("script", """
            echo '{"peer":"shell 1","detail":"'$OPENBLAS_CORETYPE'"}'
            echo '{"name":"'$3'","threads":'$2',"dtype":"float32","median":1'$2'.5,"unit":"ms"}'
            """);
        string? before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "Haswell");
        PeerOutcome outcome = TorchPeer.Run(Shell, scratch["script"], Rows, new Effort(), CancellationToken.None);
        Environment.SetEnvironmentVariable(Variable, before);
        Assert.Null(outcome.Problem);
        Assert.Equal(("shell 1", ""), (outcome.Report!.Name, outcome.Report.Detail));
        Assert.Equal([new PeerRow("step", 1, "float32", 11.5, "ms"), new PeerRow("step", 2, "float32", 12.5, "ms")], outcome.Report.Rows);
        Assert.Equal(23, outcome.Report.Speed(Rows[0]));
    }

    [Fact]
    public void Run_ScriptThatFails_SaysTheLastLineOfItsError()
    {
        if (!File.Exists(Shell))
        {
            return;
        }

        using var scratch = new ScratchFolder();
        scratch.Write("script", "echo 'Traceback' >&2; echo 'No module named torch' >&2; exit 1");
        PeerOutcome outcome = TorchPeer.Run(Shell, scratch["script"], Rows, new Effort(), CancellationToken.None);
        Assert.Null(outcome.Report);
        Assert.EndsWith(": No module named torch", outcome.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("{\"peer\":\"a\",\"detail\":\"b\"}\n{\"name\":1}")]
    public void Run_ScriptThatPrintsSomethingElse_SaysSo(string output)
    {
        if (!File.Exists(Shell))
        {
            return;
        }

        using var scratch = new ScratchFolder();
        scratch.Write("script", $"cat <<END\n{output}\nEND\n");
        PeerOutcome outcome = TorchPeer.Run(Shell, scratch["script"], Rows, new Effort(), CancellationToken.None);
        Assert.Null(outcome.Report);
        Assert.Contains(" printed what is not a row: ", outcome.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoInterpreterOrNoScript_SaysSo()
    {
        using var scratch = new ScratchFolder();
        Assert.StartsWith("found no script", TorchPeer.Run("no-such-python", scratch["script"], Rows, new Effort(), CancellationToken.None).Problem, StringComparison.Ordinal);
        scratch.Write("script", "");
        Assert.StartsWith("no-such-python could not run", TorchPeer.Run("no-such-python", scratch["script"], Rows, new Effort(), CancellationToken.None).Problem, StringComparison.Ordinal);
    }
}
