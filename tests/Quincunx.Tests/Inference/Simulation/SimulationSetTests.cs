using Quincunx.Inference.Simulation;

namespace Quincunx.Tests.Inference.Simulation;

public sealed class SimulationSetTests
{
    [Fact]
    public void FromArrays_NonFiniteRows_AreFound()
    {
        SimulationSet set = SimulationSet.FromArrays(1, 2, 10, [1, 2, 3, 4], [0, 0, 0, double.NaN, 1, 1, double.NegativeInfinity, 0]);
        Assert.Equal([1, 3], set.FailedRows);
        Assert.Equal(0.5, set.FailedShare);
        SimulationPairs kept = set.Successful();
        Assert.Equal([1, 3], kept.Theta);
        Assert.Equal([0, 0, 1, 1], kept.X);
        Assert.Equal((2, 2), (kept.Count, kept.Excluded));
    }

    [Fact]
    public void Successful_NoFailures_SharesArrays()
    {
        SimulationSet set = SimulationSet.FromArrays(1, 1, 0, [1, 2], [3, 4]);
        Assert.Same(set.Theta, set.Successful().Theta);
        Assert.Equal(0, set.Successful().Excluded);
    }

    [Fact]
    public void FromArrays_RowsDoNotMatch_Throws()
    {
        Assert.Throws<ArgumentException>(() => SimulationSet.FromArrays(2, 1, 0, [1, 2, 3], [1]));
        Assert.Throws<ArgumentException>(() => SimulationSet.FromArrays(1, 2, 0, [1], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => SimulationSet.FromArrays(1, 1, 0, [1, 2], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulationSet.FromArrays(0, 1, 0, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulationSet.FromArrays(1, 1, -1, [], []));
    }

    [Fact]
    public void Join_GapOverlapOrOtherShape_Throws()
    {
        SimulationSet first = SimulationSet.FromArrays(1, 1, 0, [1, 2], [1, 2]);
        Assert.Throws<ArgumentException>(() => SimulationSet.Join([first, SimulationSet.FromArrays(1, 1, 3, [1], [1])]));
        Assert.Throws<ArgumentException>(() => SimulationSet.Join([first, SimulationSet.FromArrays(1, 1, 1, [1], [1])]));
        Assert.Throws<ArgumentException>(() => SimulationSet.Join([first, SimulationSet.FromArrays(1, 2, 2, [1], [1, 2])]));
        Assert.Throws<ArgumentException>(() => SimulationSet.Join([]));
    }

    [Fact]
    public void Join_OneAllFailed_SaysSo()
    {
        SimulationSet first = SimulationSet.FromArrays(1, 1, 0, [1], [double.NaN]) with { StopReason = SimulationStopReason.AllFailed };
        SimulationSet joined = SimulationSet.Join([first, SimulationSet.FromArrays(1, 1, 1, [1], [1])]);
        Assert.Equal(SimulationStopReason.AllFailed, joined.StopReason);
        Assert.Equal([0], joined.FailedRows);
    }
}
