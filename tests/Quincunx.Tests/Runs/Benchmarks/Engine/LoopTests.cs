using Quincunx.Numerics.Kernels;
using Quincunx.Runs.Benchmarks.Engine;
using Quincunx.Tests.Numerics.Kernels;

namespace Quincunx.Tests.Runs.Benchmarks.Engine;

[Collection(SimdCollection.Name)]
public sealed class LoopTests
{
    public static TheoryData<string> Levels => SimdCollection.Levels;

    [Theory, MemberData(nameof(Levels))]
    public void PeakLoop_AtEveryLevel_RunsAndCountsItsLanes(string level) => SimdCollection.RunAt(level, () =>
    {
        PeakLoop.Run<float>();
        PeakLoop.Run<double>();
        Assert.Equal(2 * PeakLoop.Operations<double>(), PeakLoop.Operations<float>());
        Assert.Equal(0, PeakLoop.Operations<float>() % Lanes());

        double Lanes() => Simd.Level switch { SimdLevel.Avx512 => 16, SimdLevel.Avx2 => 8, _ => 4 };
    });

    // Bounds that the threads' parts get wrong end in a fault, since the loops check nothing.
    [Theory, MemberData(nameof(Levels))]
    public void BandwidthLoop_AtEveryLevel_RunsOnPartsOfEveryLength(string level) => SimdCollection.RunAt(level, () =>
    {
        foreach (BandwidthKind kind in Enum.GetValues<BandwidthKind>())
        {
            foreach (int threads in new[] { 1, 2, 3, 7 })
            {
                foreach (bool streaming in new[] { false, true })
                {
                    Action<int> pass = BandwidthLoop.Create(kind, 5 * BandwidthLoop.Granularity, threads, streaming);
                    for (int i = 0; i < threads; i++)
                    {
                        pass(i);
                    }
                }
            }
        }
    });

    [Fact]
    public void NaiveProduct_OfBothLayouts_IsTheDefinition()
    {
        double[] a = [1, 2, 3, 4, 5, 6], b = [1, 0, 2, 1, 0, 3], c = new double[4];
        NaiveProduct.Multiply<double>(transposeB: false, 2, 2, 3, a, b, c);
        Assert.Equal([5, 11, 14, 23], c);
        NaiveProduct.Multiply<double>(transposeB: true, 2, 2, 3, a, b, c);
        Assert.Equal([7, 10, 16, 22], c);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Team_OfAnySize_RunsEachPartOnceAndPassesFaultsOn(int size)
    {
        using var team = new Team(TimeProvider.System, size);
        for (int round = 0; round < 20; round++)
        {
            int[] runs = new int[size];
            Assert.True(team.Run(i => Interlocked.Increment(ref runs[i])) >= 0);
            Assert.All(runs, count => Assert.Equal(1, count));
        }

        if (size > 1)
        {
            Assert.Throws<InvalidOperationException>(() => team.Run(i => _ = i == 1 ? throw new FormatException() : 0));
            Assert.True(team.Run(_ => { }) >= 0);
        }
    }
}
