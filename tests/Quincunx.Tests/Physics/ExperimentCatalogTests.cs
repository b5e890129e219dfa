using Quincunx.Inference.Experiments;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics;
using Quincunx.Tests.Inference.Training;

namespace Quincunx.Tests.Physics;

public sealed class ExperimentCatalogTests
{
    public static TheoryData<string> Names => [.. ExperimentCatalog.All.Select(e => e.Name)];

    [Fact]
    public void All_NamesAreSortedAndUnique()
    {
        string[] names = [.. ExperimentCatalog.All.Select(entry => entry.Name)];
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Null(ExperimentCatalog.Find("none"));
    }

    [Theory, MemberData(nameof(Names))]
    public void EveryExperiment_Defaults_AreValidAndDescribed(string name)
    {
        ExperimentEntry entry = ExperimentCatalog.Find(name)!;
        Assert.NotNull(entry.Create(new ExperimentOptions(entry.Options)));
        Assert.All(entry.Options, o =>
        {
            Assert.EndsWith(".", o.Description, StringComparison.Ordinal);
            Assert.True(o.Default is string || (Convert.ToDouble(o.Default, null) >= o.Lower && Convert.ToDouble(o.Default, null) <= o.Upper), o.Name);
        });
        Assert.Equal(entry.Options.Count, entry.Options.DistinctBy(o => o.Name).Count());
    }

    [Theory]
    [InlineData("hamiltonian-network", 10)]
    [InlineData("lattice-flow", 1)]
    public void Train_InterruptedAndResumed_EndsInTheSameBits(string name, int epoch)
    {
        ExperimentEntry entry = ExperimentCatalog.Find(name)!;
        Dictionary<string, object> small = name == "lattice-flow"
            ? new() { ["size"] = 4L, ["couplings"] = 2L, ["channels"] = 2L, ["layers"] = 1L, ["batch"] = 32L, ["steps"] = 150L, ["reference-chains"] = 2L, ["reference-sweeps"] = 100L }
            : new() { ["trajectories"] = 4L, ["width"] = 6L, ["batch"] = 30L, ["steps"] = 50L };
        IExperiment experiment = entry.Create(new ExperimentOptions(entry.Options, small));
        var rng = new Rng(4);
        NamedTensors data = experiment.MakeData(rng.Split("data"));
        ExperimentTraining whole = experiment.Train(data, rng.Split("train"));

        using var source = new CancellationTokenSource();
        var checkpoints = new MemoryCheckpoints();
        var interrupt = new SynchronousProgress<TrainingProgress>(p =>
        {
            if (p.Latest.Epoch == epoch)
            {
                source.Cancel();
            }
        });
        Assert.Equal(StopReason.Cancelled, experiment.Train(data, rng.Split("train"), interrupt, checkpoints, source.Token).Training.StopReason);
        Assert.NotNull(checkpoints.State);
        ExperimentTraining resumed = experiment.Train(data, rng.Split("train"), checkpoints: checkpoints);
        Assert.Equal(whole.Training.History, resumed.Training.History);
        Assert.All(whole.Weights, w => Assert.Equal(w.Value.ToArray(), resumed.Weights.Get(w.Key).ToArray()));
    }

    [Fact]
    public void Options_UnknownOrOfAnotherType_AreRefused()
    {
        ExperimentOption[] known = [ExperimentOption.Integer("n", "N.", 3, 1, 9)];
        Assert.Throws<ArgumentException>(() => new ExperimentOptions(known, new Dictionary<string, object> { ["m"] = 3L }));
        Assert.Throws<ArgumentException>(() => new ExperimentOptions(known, new Dictionary<string, object> { ["n"] = 3.0 }));
        var options = new ExperimentOptions(known, new Dictionary<string, object> { ["n"] = 4L });
        Assert.Equal(4, options.Integer("n"));
        Assert.Throws<ArgumentException>(() => options.Number("n"));
    }
}
