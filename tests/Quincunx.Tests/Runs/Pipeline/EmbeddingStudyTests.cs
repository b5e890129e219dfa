using Quincunx.Inference;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Studies whose observations are summarised, by each kind and under each method that can.</summary>
public sealed class EmbeddingStudyTests
{
    private const string Npe = "flow: { kind: affine-autoregressive, transforms: 1, hidden: [8] }", Quick = "{ sbc: 10, sbc-draws: 20, predictive: 10 }";

    public static TheoryData<string, string> Kinds => new()
    {
        { "outputs: 3, hidden: [8]", "data embedded in 3 numbers by layers 8" },
        { "outputs: 3, kind: convolution, filters: [3, 2], grid: [3], window: 3, pooling: none, hidden: [8]", "by convolutions with 3, 2 filters and windows of 3 on 3 places, then layers 8" },
        { "outputs: 3, kind: convolution, filters: [2, 2], context: 1, places: false", "with 2, 2 filters and windows of 3, mean pooling, then the mean over places and layers 64; beside them the last output as it is" },
        { "outputs: 1, kind: deep-set, features: 3, width: 8, pooling: sum, hidden: [8]", "data embedded in 1 number by a deep set of elements of 3 numbers each, layers 8 for each, sum of 8 numbers" },
        { "outputs: 3, kind: set-transformer, features: 3, width: 8, heads: 2, blocks: 1", "by a set transformer of elements of 3 numbers each, width 8" },
        { "outputs: 3, kind: transformer, width: 8, heads: 2, blocks: 1, hidden: [8]", "by a transformer over steps, windows of 3, width 8" },
        { "outputs: 3, kind: transformer, window: 1, places: false, width: 8, heads: 2, blocks: 1", "by a transformer over steps, windows of 1, width 8, 1 blocks, 2 heads, the mean over steps" },
        { "outputs: 3, kind: recurrent, width: 6, layers: 2", "by 2 recurrent layers over steps, width 6, then layers 64" },
    };

    public static TheoryData<string> Methods => ["apt", "npe-ensemble", "fmpe", "npse", "mdn", "nre-a", "nre-c", "tmnre", "carl", "rolr", "alices"];

    [Theory, MemberData(nameof(Kinds))]
    public void Run_OfEachKind_IsReportedReusedAndReadWithoutItsStudy(string embedding, string words)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = $"{Npe}\nembedding: {{ {embedding} }}", Simulations = 100, Epochs = 2, Diagnostics = Quick };
        study.Run(folder);
        Assert.Contains(words, File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));

        var model = new StudyModel(study.Load(folder), TimeProvider.System);
        IPosteriorEstimator expected = NetworkFile.Read(model, folder["run/network/round-1.npz"]);
        double[] thetas = [0.2, 0.5, -1, 1], xs = [1.2, 1.4, 2.3], logs = new double[2], found = new double[2];
        expected.LogProb(xs, thetas, logs);
        TrainedRun.Read(folder["run"]).Posterior.LogProb(xs, thetas, found);
        Assert.Equal(logs, found);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Run_OfEachMethod_IsReusedAndReadAgain(string method)
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = LineStudy.Small(method) + "\nembedding: { outputs: 4, kind: recurrent, width: 6, hidden: [8] }", Simulations = 200, Epochs = 2, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        study.Run(folder);
        var model = new StudyModel(study.Load(folder), TimeProvider.System);
        double[] draws = new double[40];
        NetworkFile.Read(model, folder["run/network/round-1.npz"]).Sample([1.2, 1.4, 2.3], draws, new Rng(1));
        Assert.All(draws, v => Assert.True(double.IsFinite(v)));
        Assert.Contains("recurrent layer", File.ReadAllText(folder["run/report.html"]), StringComparison.Ordinal);
        Assert.All(study.Run(folder), s => Assert.True(s.Reused, s.Stage));
    }

    // Files of before there were kinds had the layers of an MLP in two members.
    [Fact]
    public void NetworkFacts_OfAnOlderFile_HaveTheirEmbedding()
    {
        using var folder = new ScratchFolder();
        var study = new LineStudy { Network = Npe + "\nembedding: { outputs: 3, hidden: [8] }", Simulations = 100, Epochs = 2, Diagnostics = "{ sbc: 0, predictive: 0 }" };
        study.Run(folder);
        NetworkFacts facts = JsonArtifact.Read<NetworkFacts>(folder["run/network/round-1.json"]);
        Assert.Equal(new EmbeddingSettings([8], 3) with { Hidden = facts.Embedding!.Hidden }, facts.Embedding);
        NetworkFacts older = facts with { Embedding = null, EmbeddingHidden = [8], EmbeddingOutputs = 3 }, none = facts with { Embedding = null, EmbeddingHidden = [], EmbeddingOutputs = 1 };
        Assert.Equal(facts.Network().Embedding!.GetType(), older.Network().Embedding!.GetType());
        Assert.Equal(3, older.Network().Embedding!.Outputs);
        Assert.Null(none.Network().Embedding);
    }
}
