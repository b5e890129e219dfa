using System.Diagnostics;
using Quincunx.Runs.Artifacts;
using Quincunx.Tests.Runs;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Cli;

/// <summary>A network that one process trained is loaded by another, for every method of the study file.</summary>
[Trait("Category", "Slow")]
public sealed class MethodProcessTests
{
    public static TheoryData<string> Names => [.. LineStudy.Methods, "npe-fresh"];

    public static TheoryData<string> Embeddings =>
    [
        "outputs: 3, kind: convolution, filters: [3, 2], pooling: none, context: 1", "outputs: 3, kind: deep-set, features: 3", "outputs: 3, kind: set-transformer, width: 8",
        "outputs: 3, kind: transformer, width: 8", "outputs: 3, kind: recurrent, width: 8",
    ];

    [Theory, MemberData(nameof(Names))]
    public void Run_OfAStoredNetworkInAnotherProcess_GivesTheSameDraws(string method) => AssertSameDraws(LineStudy.Small(method));

    [Theory, MemberData(nameof(Embeddings))]
    public void Run_OfAStoredEmbeddingInAnotherProcess_GivesTheSameDraws(string embedding) => AssertSameDraws($"{LineStudy.Small("npe")}\nembedding: {{ {embedding} }}");

    private static void AssertSameDraws(string method)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = method, Simulations = 200, Epochs = 2, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        study.Run(folder, "runs/line");
        string draws = folder["runs/line/raw-posterior.npz"], network = folder["runs/line/network/round-1.npz"];
        (double[] theta, double[] logs) = Read(draws);
        byte[] weights = File.ReadAllBytes(network);
        File.Delete(draws);

        using Process process = Process.Start(new ProcessStartInfo(LineProgram.Command[0], [.. LineProgram.Command.Skip(1), "run", "line", "--quiet"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "it does not end");
        Assert.True(process.ExitCode is 0 or 3, error);
        Assert.Equal(weights, File.ReadAllBytes(network));
        (double[] again, double[] sameLogs) = Read(draws);
        Assert.All(theta.Zip(again), t => Assert.Equal(t.First, t.Second, 1e-6));
        Assert.All(logs.Zip(sameLogs), l => Assert.Equal(l.First, l.Second, 1e-6));
    }

    private static (double[] Theta, double[] Logs) Read(string path)
    {
        var file = NpzFile.Read(path);
        return (file.Values<double>("theta", -1, 2), file.Values<double>("log_q", -1));
    }
}
