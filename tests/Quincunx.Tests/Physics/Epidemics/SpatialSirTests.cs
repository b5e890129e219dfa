using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Epidemics;

namespace Quincunx.Tests.Physics.Epidemics;

public sealed class SpatialSirTests
{
    private const int Size = 12;

    // Certain infection and recovery: after t days those at a king's distance of t from the nearest first cell are infected, nearer ones have recovered.
    [Fact]
    public void Simulate_CertainInfection_SpreadsInSquares()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            TraceRecord record = RecordingTrace.Run(new SpatialSir(Size, days: 3), [1, 1], new Rng(1).Split(seed));
            int[] clusters = Clusters(record);
            for (int cell = 0; cell < Size * Size; cell++)
            {
                int distance = clusters.Min(c => Math.Max(Math.Abs((c / Size) - (cell / Size)), Math.Abs((c % Size) - (cell % Size))));
                Assert.Equal(distance > 3 ? 0 : distance == 3 ? 1 : 2, State(record.X, cell));
            }
        }
    }

    // One day: a cell with k infected neighbours is infected with probability 1 - (1 - β)^k, an infected one recovers with γ. Sums over all events within 4 standard errors.
    [Fact]
    public void Simulate_OneDay_HasTheProbabilities()
    {
        const int Events = 2_000;
        (double beta, double gamma) = (0.3, 0.6);
        double infections = 0, varianceOfInfections = 0, recoveries = 0, first = 0, clustersDrawn = 0;
        for (int i = 0; i < Events; i++)
        {
            TraceRecord record = RecordingTrace.Run(new SpatialSir(Size, days: 1), [beta, gamma], new Rng(2).Split(i));
            int[] clusters = [.. Clusters(record).Distinct()];
            first += clusters.Length;
            clustersDrawn += Clusters(record).Length;
            for (int cell = 0; cell < Size * Size; cell++)
            {
                if (clusters.Contains(cell))
                {
                    Assert.NotEqual(0, State(record.X, cell));
                    recoveries += State(record.X, cell) == 2 ? 1 : 0;
                    continue;
                }

                int k = clusters.Count(c => Math.Abs((c / Size) - (cell / Size)) <= 1 && Math.Abs((c % Size) - (cell % Size)) <= 1);
                double p = 1 - Math.Pow(1 - beta, k);
                infections += State(record.X, cell) - p;
                varianceOfInfections += p * (1 - p);
            }
        }

        Assert.Equal(0, infections, 4 * Math.Sqrt(varianceOfInfections));
        Assert.Equal(gamma * first, recoveries, 4 * Math.Sqrt(gamma * (1 - gamma) * first));
        Assert.Equal(4, clustersDrawn / Events, 4 * Math.Sqrt(3.0 / Events));
    }

    // Nobody infects: the first cells alone, still infected after t days with probability (1 - γ)^t.
    [Fact]
    public void Simulate_NoInfection_OnlyRecovers()
    {
        double first = 0, infected = 0;
        for (int i = 0; i < 2_000; i++)
        {
            TraceRecord record = RecordingTrace.Run(new SpatialSir(Size, days: 4), [0, 0.2], new Rng(3).Split(i));
            first += Clusters(record).Distinct().Count();
            infected += record.X.AsSpan(Size * Size, Size * Size).ToArray().Sum();
            Assert.Equal(Size * Size, record.X.Sum());
            Assert.Equal((Size * Size) - Clusters(record).Distinct().Count(), record.X.AsSpan(0, Size * Size).ToArray().Sum());
        }

        double p = Math.Pow(0.8, 4);
        Assert.Equal(p * first, infected, 4 * Math.Sqrt(p * (1 - p) * first));
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpatialSir(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpatialSir(days: 0));
        foreach (double bad in (double[])[-0.1, 1.1, double.NaN])
        {
            Assert.Throws<ArgumentException>(() => ((ISimulator)new SpatialSir(2)).Simulate([bad, 0.5], new double[12], new Rng(1)));
            Assert.Throws<ArgumentException>(() => ((ISimulator)new SpatialSir(2)).Simulate([0.5, bad], new double[12], new Rng(1)));
        }
    }

    private static int[] Clusters(TraceRecord record) =>
        [.. Enumerable.Range(0, 1 + (int)record[new Site("more_clusters")]).Select(i => (int)record[new Site("cluster", i)])];

    // Susceptible 0, infected 1, recovered 2; exactly one of the images shows the cell.
    private static int State(double[] x, int cell)
    {
        int state = Enumerable.Range(0, 3).Single(channel => x[(channel * Size * Size) + cell] == 1);
        Assert.Equal(1, Enumerable.Range(0, 3).Sum(channel => x[(channel * Size * Size) + cell]));
        return state;
    }
}
