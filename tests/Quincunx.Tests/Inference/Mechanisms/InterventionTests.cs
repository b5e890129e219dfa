using Quincunx.Inference.Distributions;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Interventions;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Electroweak;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Mechanisms;

public sealed class InterventionTests
{
    private const int Events = 20_000;

    // Without intervention z ~ N(θ, 2), x ~ N(z, 1).
    [Fact]
    public void Set_LatentChoice_CutsThetaOff()
    {
        IMechanism changed = new TwoNormals().Under(Intervention.Set("z", 7));
        AssertNormal(Outputs(changed, 100), 7, 1);
        double[] score = new double[1], ratio = new double[1];
        new Miner(changed).Mine([100], [50], new double[1], ratio, score, new Rng(1));
        Assert.Equal(0, score[0]);
        Assert.Equal(0, ratio[0]);
    }

    [Fact]
    public void Shift_LatentChoice_MovesXAndKeepsTheScoreOfTheNaturalValue()
    {
        IMechanism changed = new TwoNormals().Under(Intervention.Shift("z", 5));
        AssertNormal(Outputs(changed, 1), 6, Math.Sqrt(5));
        double[] score = new double[1];
        for (int i = 0; i < 20; i++)
        {
            new Miner(changed).Mine([1], [], new double[1], [], score, new Rng(1).Split(i));
            TraceRecord record = RecordingTrace.Run(changed, [1], new Rng(1).Split(i));
            Assert.Equal((record[TwoNormals.Z] - 5 - 1) / 4, score[0], 1e-13);
        }
    }

    [Fact]
    public void Draw_FromAPolicy_ReplacesTheLaw()
    {
        IMechanism changed = new TwoNormals().Under(Intervention.Draw("z", new Uniform(0, 1)));
        AssertNormal(Outputs(changed, 50), 0.5, Math.Sqrt(1 + (1.0 / 12)));
        TraceRecord record = RecordingTrace.Run(changed, [50], new Rng(4));
        Assert.True(record.TryGet(TwoNormals.Z, out TraceEntry z));
        Assert.Equal((TraceEntryKind.Continuous, 0.0), (z.Kind, z.LogProb));
    }

    // p(bin | do(nail 3 turns right)) is that of one ball fewer, moved by one.
    [Fact]
    public void Set_OneNail_ShiftsTheBoardByOne()
    {
        const int Rows = 6;
        var smaller = new GaltonBoard(Rows - 1);
        IMechanism changed = new GaltonBoard(Rows).Under(Intervention.Set(new Site("nail", 3), 1));
        double[] bins = Outputs(changed, 0.3);
        double chi2 = 0;
        for (int bin = 0; bin < Rows; bin++)
        {
            double expected = Events * Math.Exp(smaller.LogLikelihood([0.3], [bin]));
            double seen = bins.Count(b => b == bin + 1);
            chi2 += (seen - expected) * (seen - expected) / expected;
        }

        Assert.DoesNotContain(0, bins);
        Assert.InRange(chi2, 0, 25.7);          // 5 degrees of freedom: above in 1 of 10,000 seeds
    }

    // The asymmetry of muon pairs is computed from the weak angle: set to 0 the pairs are even whatever the angle, so nothing is left to mine; shifted it stays mined.
    [Fact]
    public void SetAndShift_ComputedQuantity_ReachWhatFollows()
    {
        double[] theta = [0.23, 57], score = new double[2];
        IMechanism even = new MuonAngles(events: 1).Under(Intervention.Set("asymmetry", 0));
        Assert.InRange(Outputs(even, theta).Average(), -5 * Math.Sqrt(0.4 / Events), 5 * Math.Sqrt(0.4 / Events));      // E[cos²] = 2/5
        new Miner(even).Mine(theta, [], new double[1], [], score, new Rng(1));
        Assert.Equal([0, 0], score);

        // E[cos θ] is two thirds of the asymmetry, whatever that is.
        double natural = RecordingTrace.Run(new MuonAngles(events: 1), theta, new Rng(1))[new Site("asymmetry")];
        IMechanism shifted = new MuonAngles(events: 1).Under(Intervention.Shift("asymmetry", 0.5));
        Assert.Equal(2.0 / 3 * (natural + 0.5), Outputs(shifted, theta).Average(), 5 * Math.Sqrt(0.4 / Events));
        new Miner(shifted).Mine(theta, [], new double[1], [], score, new Rng(1));
        Assert.NotEqual(0, score[0]);
    }

    [Fact]
    public void Under_NameAndSite_TakesTheSiteFirst()
    {
        IMechanism changed = new GaltonBoard(4).Under(Intervention.Set("nail", 0), Intervention.Set(new Site("nail", 2), 1));
        Assert.All(Outputs(changed, 0.5), bin => Assert.Equal(1, bin));
    }

    [Fact]
    public void Under_OutputByName_SetsTheOutput()
    {
        IMechanism changed = new GrowingTree().Under(Intervention.Shift("seen", 1000));
        double[] x = new double[2];
        ((ISimulator)changed).Simulate([0.3, 1, 2], x, new Rng(1));
        Assert.InRange(x[1], 900, 1100);
    }

    [Fact]
    public void Under_Twice_AppliesInOrder()
    {
        IMechanism changed = new TwoNormals().Under(Intervention.Set("z", 2)).Under(Intervention.Shift("z", 0.5));
        TraceRecord record = RecordingTrace.Run(changed, [0], new Rng(1));
        Assert.Equal(2.5, record[TwoNormals.Z]);
    }

    [Fact]
    public void Unused_AfterEvents_NamesWhatWasNeverMet()
    {
        var changed = new TwoNormals().Under(Intervention.Set("z", 2), Intervention.Set("zz", 2));
        Outputs(changed, 0);
        Assert.Equal("do(zz = 2)", Assert.Single(changed.Unused).ToString());
    }

    [Fact]
    public void Under_TheSameTwiceOrNoNumber_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new TwoNormals().Under(Intervention.Set("z", 2), Intervention.Shift("z", 1)));
        Assert.Throws<ArgumentException>(() => new TwoNormals().Under(Intervention.Set("x", 2), Intervention.Set(Site.Output(0), 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervention.Set("z", double.NaN));
        Assert.Throws<ArgumentException>(() => Intervention.Set("", 1));
    }

    private static double[] Outputs(IMechanism mechanism, params double[] theta)
    {
        double[] x = new double[mechanism.OutputNames.Count], all = new double[Events];
        for (int i = 0; i < Events; i++)
        {
            mechanism.Simulate(theta, x, new Rng(6).Split(i));
            all[i] = x[0];
        }

        return all;
    }

    // Mean and variance within 5 standard errors.
    private static void AssertNormal(double[] x, double mean, double sd)
    {
        double m = x.Average(), v = x.Average(value => (value - m) * (value - m));
        Assert.InRange(m, mean - (5 * sd / Math.Sqrt(Events)), mean + (5 * sd / Math.Sqrt(Events)));
        Assert.InRange(v, sd * sd * (1 - (5 * Math.Sqrt(2.0 / Events))), sd * sd * (1 + (5 * Math.Sqrt(2.0 / Events))));
    }
}
