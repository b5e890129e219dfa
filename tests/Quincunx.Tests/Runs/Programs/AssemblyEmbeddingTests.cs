using Quincunx.Inference;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Reporting;
using Quincunx.Runs.Studies;
using Quincunx.Tests.Cli;
using Quincunx.Tests.Runs.Pipeline;

namespace Quincunx.Tests.Runs.Programs;

/// <summary>Embeddings of a study's own, from an assembly beside it.</summary>
public sealed class AssemblyEmbeddingTests : IDisposable
{
    private const string Own = "assembly: bin/Quincunx.Tests.dll, type: Quincunx.Tests.Runs.Programs.SeriesMoments";

    private readonly ScratchFolder _scratch = new();

    public AssemblyEmbeddingTests() => AssemblyFolder.Fill(_scratch, "line/bin");

    public static TheoryData<string> Methods => ["npe", "npe-ensemble", "npe-fresh", "apt", "mdn", "fmpe", "nre-c", "carl"];

    public void Dispose() => _scratch.Dispose();

    // The moments of order 0 and 1 are all that the data tell of a line, so that weights are nearly equal, and with them the posterior is the exact one.
    [Fact, Trait("Category", "Slow")]
    public void Run_SufficientSummaries_GiveTheExactPosterior()
    {
        (Study("order: 1", "kind: affine-autoregressive, transforms: 2, hidden: [32]") with { Reweights = true, Importance = "draws: 4000, rounds: 0", Simulations = 4000, Epochs = 40 }).Run(_scratch);
        Metrics metrics = JsonArtifact.Read<Metrics>(_scratch["run/metrics.json"]);

        // As in the study of two rounds: the exact mean of start.
        double mean = ((57 * 19.6) - (24 * 43.6)) / ((13 * 57) - (24 * 24)), sd = Math.Sqrt(57.0 / ((13 * 57) - (24 * 24)));
        Assert.Equal(mean, metrics.Parameters[0].Mean, 4.5 * sd / Math.Sqrt(metrics.Parameters[0].Ess));
        Assert.True(metrics.Importance!.Efficiency > 0.5, $"efficiency {metrics.Importance.Efficiency}");
        Assert.Contains("data embedded in 4 numbers by Quincunx.Tests.Runs.Programs.SeriesMoments of bin/Quincunx.Tests.dll (order 1)", File.ReadAllText(_scratch["run/report.html"]), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Run_OfEachMethod_IsReusedAndReadAgain(string method)
    {
        LineStudy study = Study("order: 2, outputs: 3") with { Network = LineStudy.Small(method) + $"\nembedding: {{ {Own}, options: {{ order: 2, outputs: 3 }} }}" };
        study.Run(_scratch);
        double[] draws = new double[40];
        NetworkFile.Read(new StudyModel(study.Load(_scratch), TimeProvider.System), _scratch["run/network/round-1.npz"]).Sample([1.2, 1.4, 2.3], draws, new Rng(1));
        Assert.All(draws, v => Assert.True(double.IsFinite(v)));
        Assert.All(study.Run(_scratch), s => Assert.True(s.Reused, s.Stage));
    }

    [Fact]
    public void Run_OtherOptionsOrContents_TrainsAnew()
    {
        Study("order: 1").Run(_scratch);
        string[] anew = ["train-1", "sample", "diagnose", "report"];
        Assert.Equal(anew, Repeated(Study("order: 2")));
        Assert.Equal(["report"], Repeated(Study("order: 2") with { Title = "Another" }));

        // Behind its end an assembly may have any bytes: the code is the same, and nobody can know it.
        File.AppendAllText(_scratch["line/bin/Quincunx.Tests.dll"], " ");
        Assert.Equal(anew, Repeated(Study("order: 2") with { Title = "Another" }));
    }

    [Fact]
    public void Load_WithGapsAndContext_SeesTheRest()
    {
        LineStudy study = Study("order: 1") with
        {
            Network = $"flow: {{ kind: affine-autoregressive, transforms: 1, hidden: [8] }}\ngaps: {{}}\nembedding: {{ {Own}, options: {{ order: 1 }}, context: 1 }}",
            Observation = "1.2, .nan, 2.3",
        };
        study.Run(_scratch);
        Assert.Equal(1, study.Load(_scratch).Inference.Embedding!.Context);
        Assert.Contains("; beside them the last output as it is", File.ReadAllText(_scratch["run/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfATrainedRun_NeedsItsStudy()
    {
        LineStudy study = Study("order: 1");
        study.Run(_scratch);
        string run = _scratch["run"];
        Assert.Contains(
            "found a network with an embedding by Quincunx.Tests.Runs.Programs.SeriesMoments of bin/Quincunx.Tests.dll (order 1), expected its study beside it, which says where that is (--study STUDY).",
            Assert.Throws<ArtifactException>(() => TrainedRun.Read(run)).Message, StringComparison.Ordinal);
        Assert.Contains("with other contents or options", Assert.Throws<ArtifactException>(() => TrainedRun.Read(run, (Study("order: 2")).Load(_scratch))).Message, StringComparison.Ordinal);
        Assert.Contains("a study with that embedding, unlike ", Assert.Throws<ArtifactException>(() => TrainedRun.Read(run, (study with { Network = LineStudy.Small("npe") }).Load(_scratch))).Message, StringComparison.Ordinal);

        Study loaded = study.Load(_scratch);
        IPosteriorEstimator expected = NetworkFile.Read(new StudyModel(loaded, TimeProvider.System), _scratch["run/network/round-1.npz"]);
        double[] thetas = [0.2, 0.5, -1, 1], xs = [1.2, 1.4, 2.3], logs = new double[2], found = new double[2];
        expected.LogProb(xs, thetas, logs);
        TrainedRun.Read(run, loaded).Posterior.LogProb(xs, thetas, found);
        Assert.Equal(logs, found);
    }

    [Fact]
    public void Commands_FindTheAssemblyAgainOrEndWithCodeTwo()
    {
        using CliCase cli = LineProgram.Case();
        AssemblyFolder.Fill(cli.Scratch, "line/bin");
        Study("order: 1").Write(cli.Scratch);
        Assert.Equal(0, cli.Run("check", "line/study.yaml"));
        Assert.Equal(0, cli.Run("train", "line/study.yaml", "--quiet"));
        Assert.Equal(2, cli.Run("export", "line", "--onnx", "line.onnx"));
        Assert.Contains("(--study STUDY)", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, cli.Run("export", "line", "--onnx", "line.onnx", "--study", "line", "--json"));
        Assert.InRange(cli.Json.Single().GetProperty("difference").GetDouble(), 0, 1e-5);
        Assert.Equal(0, cli.Run("sample", "line/study.yaml", "--quiet"));

        File.Move(cli["line/bin/Quincunx.Tests.dll"], cli["line/bin/away.dll"]);
        foreach (string[] command in (string[][])[["sample", "line"], ["report", "line"], ["run", "line"], ["export", "line", "--onnx", "line.onnx", "--study", "line"]])
        {
            Assert.Equal(2, cli.Run(command));
            Assert.Matches("study.yaml:14:[0-9]+: inference.embedding.assembly: found no such file .*Quincunx.Tests.dll, expected a .NET assembly.", cli.Error);
        }
    }

    [Theory]
    [InlineData("assembly: bin/none.dll, type: A", "inference.embedding.assembly: found no such file ")]
    [InlineData("assembly: study.yaml, type: A", "inference.embedding.assembly: found a file that is no .NET assembly (")]
    [InlineData("assembly: bin/Quincunx.Tests.dll, type: Quincunx.Tests.Runs.Programs.SeriesMoment, options: { order: 1 }", " Did you mean 'Quincunx.Tests.Runs.Programs.SeriesMoments'?")]
    [InlineData("assembly: bin/Quincunx.Tests.dll, type: SeriesMoments, options: { order: 1 }", "inference.embedding.type: found no type 'SeriesMoments' in Quincunx.Tests.dll, expected one of Quincunx.Tests.Runs.Programs.BrokenEmbedding, ")]
    [InlineData("assembly: bin/Quincunx.Tests.dll, type: SeriesMoments, options: { order: 1 }", " Did you mean 'Quincunx.Tests.Runs.Programs.SeriesMoments'?")]
    [InlineData("assembly: bin/Quincunx.Physics.dll, type: A", "expected one that derives from EmbeddingOptions, of which it has none.")]
    [InlineData("assembly: bin/Quincunx.Tests.dll, type: Quincunx.Tests.Runs.Programs.Shifted", "which does not derive from Quincunx.Inference.Embeddings.EmbeddingOptions, expected a public embedding.")]
    [InlineData(Own + "", "inference.embedding.type: found no options, expected order: a whole number")]
    [InlineData(Own + ", options: { ordre: 1 }", "inference.embedding.options.ordre: found the unknown key 'ordre', expected one of order, outputs. Did you mean 'order'?")]
    [InlineData(Own + ", options: { order: -1 }", "inference.embedding.type: found a constructor that throws ArgumentOutOfRangeException (")]
    [InlineData(Own + ", options: { order: 1 }, context: 3", "inference.embedding.context: found 3, expected fewer than the 3 outputs of line.")]
    [InlineData(Own + ", options: { order: 1 }, hidden: [3]", "inference.embedding.hidden: found the unknown key 'hidden', expected one of assembly, type, options, context.")]
    [InlineData("hidden: [3]", "inference.embedding: found none of its forms, expected exactly one of outputs, assembly.")]
    [InlineData(Own + ", options: { order: 1 }, outputs: 3", "inference.embedding: found outputs and assembly, expected exactly one of outputs, assembly.")]
    public void Load_EmbeddingThatCannotBeUsed_SaysWhy(string embedding, string message)
    {
        var error = Assert.Throws<StudyException>(() => (Study("order: 1") with { Network = $"embedding: {{ {embedding} }}" }).Load(_scratch));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Matches("study.yaml:13:[0-9]+: ", error.Message);
    }

    [Theory]
    [InlineData("none", "has 0 Outputs, expected at least 1.")]
    [InlineData("groups", "has groups of scales for 1 numbers, expected a group for each of 3.")]
    [InlineData("throws", "throws InvalidOperationException (no such layout), expected a network.")]
    [InlineData("longer", "makes summaries of shape [3, 3], expected [3, 2] of 3 rows, by its Outputs.")]
    [InlineData("infinite", "makes a summary that is not finite (")]
    [InlineData("among others", "makes another summary of a row that is alone (")]
    public void Load_EmbeddingThatBreaksItsPromise_SaysWhich(string how, string message)
    {
        var error = Assert.Throws<StudyException>(() => (Study("order: 1") with { Network = $"embedding: {{ assembly: bin/Quincunx.Tests.dll, type: {typeof(BrokenEmbedding).FullName}, options: {{ how: {how} }} }}" }).Load(_scratch));
        Assert.Contains($"inference.embedding.type: found {typeof(BrokenEmbedding).FullName}, which for the 3 outputs of line {message}", error.Message, StringComparison.Ordinal);
    }

    private static LineStudy Study(string options, string flow = "kind: affine-autoregressive, transforms: 1, hidden: [8]") => new()
    {
        Network = $"flow: {{ {flow} }}\nembedding: {{ {Own}, options: {{ {options} }} }}",
        Simulations = 200,
        Epochs = 2,
        Diagnostics = "{ sbc: 0, predictive: 0 }",
    };

    private string[] Repeated(LineStudy study) => [.. study.Run(_scratch).Where(s => !s.Reused).Select(s => s.Stage)];
}
