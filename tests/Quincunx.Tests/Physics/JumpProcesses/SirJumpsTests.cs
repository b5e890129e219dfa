using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.JumpProcesses;

namespace Quincunx.Tests.Physics.JumpProcesses;

public sealed class SirJumpsTests
{
    // One infected among two: the other escapes if recovery, at γ, comes before infection, at β / 2.
    [Fact]
    public void FinalSizes_TwoPeople_AreARaceOfTwoClocks()
        => Assert.Equal([0, 0.2 / (0.2 + 0.25), 0.25 / (0.2 + 0.25)], new SirJumps(population: 2, infected: 1).FinalSizes(0.5, 0.2), (a, b) => Math.Abs(a - b) < 1e-15);

    // Three people, by hand: with p = β s / (β s + 3 γ) for s = 2 and 1, escape of both 1 - p₂; of one p₂ (1 - p₁)²; else none.
    [Fact]
    public void FinalSizes_ThreePeople_AreThePathsByHand()
    {
        (double beta, double gamma) = (0.7, 0.3);
        double p2 = 2 * beta / ((2 * beta) + (3 * gamma)), p1 = beta / (beta + (3 * gamma)), one = p2 * (1 - p1) * (1 - p1);
        Assert.Equal([0, 1 - p2, one, p2 - one], new SirJumps(population: 3, infected: 1).FinalSizes(beta, gamma), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Theory]
    [InlineData(0.5, 0.2, 1), InlineData(0.0, 1.0, 5), InlineData(3.0, 0.1, 2)]
    public void FinalSizes_OfManyPeople_SumToOne(double beta, double gamma, int infected)
    {
        double[] sizes = new SirJumps(population: 300, infected).FinalSizes(beta, gamma);
        Assert.Equal(1, sizes.Sum(), 1e-12);
        Assert.All(sizes[..infected], p => Assert.Equal(0, p));
        Assert.True(beta > 0 || sizes[infected] == 1);
    }

    [Fact]
    public void Simulate_WhenItIsOver_HasTheFinalSizes()
    {
        const int Events = 20_000;
        var model = new SirJumps(population: 20, infected: 2, points: 1, intervalDays: 10_000);
        double[] x = new double[2], sizes = model.FinalSizes(0.3, 0.2), counts = new double[21];
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate([0.3, 0.2], x, new Rng(1).Split(i));
            Assert.Equal(0, x[0]);
            counts[(int)x[1]]++;
        }

        double chi2 = Enumerable.Range(2, 19).Sum(k => (counts[k] - (Events * sizes[k])) * (counts[k] - (Events * sizes[k])) / (Events * sizes[k]));
        Assert.InRange(chi2, 0, 42.3);      // 18 degrees of freedom: above in 1 of 1,000 seeds
    }

    // Nobody is infected: those who still are at time t are Binomial(I, e^(-γ t)).
    [Fact]
    public void Simulate_NoInfections_IsBinomial()
    {
        const int Events = 10_000;
        var model = new SirJumps(population: 30, infected: 20, points: 2, intervalDays: 3);
        double[] x = new double[4];
        double early = 0, late = 0;
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate([0, 0.2], x, new Rng(2).Split(i));
            Assert.Equal(20, x[0] + x[2]);
            Assert.Equal(20, x[1] + x[3]);
            (early, late) = (early + x[0], late + x[1]);
        }

        (double first, double second) = (Math.Exp(-0.6), Math.Exp(-1.2));
        Assert.Equal(20 * first, early / Events, 4 * Math.Sqrt(20 * first * (1 - first) / Events));
        Assert.Equal(20 * second, late / Events, 4 * Math.Sqrt(20 * second * (1 - second) / Events));
    }

    // The likelihood of the fully observed process: rates of what happened, and e^(-∫ total rate).
    [Fact]
    public void Run_ARecordedEpidemic_HasTheDensityOfTheJumpProcess()
    {
        foreach (ulong seed in (ulong[])[1, 2, 3, 4])
        {
            TraceRecord record = RecordingTrace.Run(new SirJumps(population: 50, infected: 2, points: 4, intervalDays: 10), [0.4, 0.2], new Rng(seed));
            (double s, double i, double logProb) = (48, 2, 0);
            for (int n = 0; record.TryGet(new Site("wait", n), out TraceEntry wait); n++)
            {
                logProb -= ((0.4 * s * i / 50) + (0.2 * i)) * wait.Value;
                if (record.TryGet(new Site("infection", n), out TraceEntry infection))
                {
                    logProb += Math.Log(infection.Value == 1 ? 0.4 * s * i / 50 : 0.2 * i);
                    (s, i) = infection.Value == 1 ? (s - 1, i + 1) : (s, i - 1);
                }
            }

            Assert.Equal(i, record.X[3]);
            Assert.Equal(50 - s - i, record.X[7]);
            Assert.Equal(logProb, record.LogProb, 1e-11 * (1 + Math.Abs(logProb)));
        }
    }

    [Fact]
    public void AnyCall_BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SirJumps(infected: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SirJumps(population: 3, infected: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SirJumps(points: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SirJumps(intervalDays: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SirJumps().FinalSizes(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SirJumps().FinalSizes(1, 0));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new SirJumps()).Simulate([-1, 1], new double[20], new Rng(1)));
        Assert.Throws<ArgumentException>(() => ((ISimulator)new SirJumps()).Simulate([1, double.NaN], new double[20], new Rng(1)));
    }
}
