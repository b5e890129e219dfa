using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics;

namespace Quincunx.Tests.Physics;

public sealed class SimulatorCatalogTests
{
    private const int Events = 500;

    [Theory, MemberData(nameof(SimulatorCases.Names), MemberType = typeof(SimulatorCases))]
    public void EverySimulator_AnyThreadCount_GivesSameNumbers(string name)
    {
        SimulationSet reference = Run(name, threads: 1, seed: 1);
        foreach (int threads in (int[])[2, 5])
        {
            SimulationSet set = Run(name, threads, seed: 1);
            Assert.Equal(reference.Theta, set.Theta);
            Assert.Equal(reference.X, set.X);
        }

        Assert.NotEqual(reference.X, Run(name, threads: 2, seed: 2).X);
    }

    [Theory, MemberData(nameof(SimulatorCases.Names), MemberType = typeof(SimulatorCases))]
    public void EverySimulator_UnderItsPrior_IsFiniteOftenEnough(string name)
        => Assert.InRange(1 - Run(name, threads: 2, seed: 3).FailedShare, SimulatorCases.Of(name).FiniteShare, 1);

    // A parameter vector explains its own event better, on average, than that of another event: E[log p(x|θ) - log p(x|θ')] > 0.
    [Theory, MemberData(nameof(SimulatorCases.Names), MemberType = typeof(SimulatorCases))]
    public void EverySimulator_OwnParameters_AreMoreLikelyThanOthers(string name)
    {
        if (SimulatorCatalog.Create(name) is not ILikelihood model)
        {
            return;
        }

        SimulationSet set = Run(name, threads: 2, seed: 4);
        double sum = 0, squares = 0;
        for (int i = 0; i < Events; i++)
        {
            double difference = LogLikelihood(i, i) - LogLikelihood((i + 1) % Events, i);
            Assert.False(double.IsNaN(difference));
            difference = Math.Clamp(difference, -20, 20);
            sum += difference;
            squares += difference * difference;
        }

        double mean = sum / Events, error = Math.Sqrt(((squares / Events) - (mean * mean)) / Events);
        Assert.True(mean > 4 * error, $"{mean} with an error of {error}");

        double LogLikelihood(int theta, int x) => model.LogLikelihood(
            set.Theta.AsSpan(theta * set.ParameterCount, set.ParameterCount), set.X.AsSpan(x * set.OutputCount, set.OutputCount));
    }

    [Fact]
    public void All_NamesAreSortedAndUnique()
    {
        string[] names = [.. SimulatorCatalog.All.Select(entry => entry.Name)];
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.All(SimulatorCatalog.All, entry => Assert.EndsWith(".", entry.Description, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_UnknownName_ListsKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => SimulatorCatalog.Create("lynx"));
        Assert.Contains("lynx-hare", error.Message, StringComparison.Ordinal);
        Assert.Null(SimulatorCatalog.Find("lynx"));
        Assert.Equal("two-moons", SimulatorCatalog.Find("two-moons")?.Name);
    }

    private static SimulationSet Run(string name, int threads, ulong seed)
        => new SimulationRunner(SimulatorCatalog.Create(name), new SimulationOptions { Threads = threads })
            .Run(SimulatorCases.Of(name).Prior, 0, Events, new Rng(seed));
}
