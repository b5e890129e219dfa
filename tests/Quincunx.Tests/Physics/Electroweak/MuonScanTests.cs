using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Interventions;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Electroweak;

namespace Quincunx.Tests.Physics.Electroweak;

public sealed class MuonScanTests
{
    // Of 4.5 standard errors one in 150,000 is exceeded.
    private const double Deviations = 4.5;
    private static readonly double[] Standard = [MuonScan.StandardVector, MuonScan.StandardAxial];

    public static TheoryData<double, double> Couplings => new() { { Standard[0], Standard[1] }, { 0.3, -0.4 }, { -0.25, 0.2 } };

    [Fact]
    public void Rates_InTheStandardModel_AreThoseOfMuonPairs()
    {
        double[] all = new double[9], odd = new double[9];
        MuonScan.Rates<double>(Standard, all, odd);
        for (int k = 0; k < 9; k++)
        {
            Assert.Equal(1, all[k], 1e-14);
            Assert.Equal(MuonPairs.Asymmetry(MuonScan.EnergiesGeV[k], MuonPairs.EffectiveSine), odd[k], 1e-13);
        }
    }

    // Nine and more standard deviations beyond all there is; a sum over steps much smaller than the resolutions is exact.
    [Theory, MemberData(nameof(Couplings))]
    public void Density_OverMassesAndAngles_IntegratesToOne(double v, double a)
    {
        double sum = 0;
        for (double mass = 50; mass < 155; mass += 0.7)
        {
            for (double angle = -1; angle < 4.2; angle += 0.04)
            {
                sum += 0.7 * 0.04 * Math.Exp(new MuonScan().LogLikelihood([v, a], [mass, angle]));
            }
        }

        Assert.Equal(1, sum, 1e-9);
    }

    [Fact]
    public void Integrals_OverTheTrueAngle_DoNotDependOnTheRule()
    {
        for (double angle = -0.9; angle < 4; angle += 0.1)
        {
            (double Even, double Odd) coarse = MuonScanEvent.Smeared(angle, 40), fine = MuonScanEvent.Smeared(angle, 64);
            Assert.Equal(fine.Even, coarse.Even, 1e-12);
            Assert.Equal(fine.Odd, coarse.Odd, 1e-12);
        }
    }

    [Theory, MemberData(nameof(Couplings))]
    public void Density_InBins_IsThatOfSimulatedEvents(double v, double a)
    {
        const int Events = 20_000, Columns = 8, Rows = 10, Inside = 8;
        const double Mass = 60, Width = 9, Height = Math.PI / Rows;
        double[] counts = new double[Columns * Rows], x = new double[2];
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)new MuonScan()).Simulate([v, a], x, new Rng(1).Split(i));
            (int column, int row) = ((int)Math.Floor((x[0] - Mass) / Width), (int)Math.Floor(x[1] / Height));
            if (column is >= 0 and < Columns && row is >= 0 and < Rows)
            {
                counts[(row * Columns) + column]++;
            }
        }

        (double squares, int bins) = (0, 0);
        for (int b = 0; b < counts.Length; b++)
        {
            // The middle of small parts: an error of their size squared, far below that of counts.
            double expected = 0;
            for (int part = 0; part < Inside * Inside; part++)
            {
                double mass = Mass + (Width * ((b % Columns) + (((part % Inside) + 0.5) / Inside))), angle = Height * ((b / Columns) + (((part / Inside) + 0.5) / Inside));
                expected += Events * Width * Height / (Inside * Inside) * Math.Exp(new MuonScan().LogLikelihood([v, a], [mass, angle]));
            }

            if (expected > 10)
            {
                squares += (counts[b] - expected) * (counts[b] - expected) / expected;
                bins++;
            }
        }

        Assert.True(bins > 40, $"{bins}");
        Assert.InRange((squares - bins) / Math.Sqrt(2 * bins), -5, 5);
    }

    // What is left of a joint score after the score of x has mean zero whatever it is multiplied with that is a function of x.
    [Theory, MemberData(nameof(Couplings))]
    public void JointScore_GivenWhatIsSeen_HasTheExactScoreAsItsMean(double v, double a)
    {
        MinedSimulations events = MinedSimulations.At(new Miner(new MuonScan()), [v, a], 20_000, new Rng(2));
        double[] left = new double[2 * events.Count];
        for (int i = 0; i < events.Count; i++)
        {
            Dual<Tangent4> log = new MuonScanEvent(events.Xs[2 * i], events.Xs[(2 * i) + 1]).LogProb<Dual<Tangent4>>([Dual<Tangent4>.Variable(v, 0), Dual<Tangent4>.Variable(a, 1)]);
            for (int j = 0; j < 2; j++)
            {
                left[(2 * i) + j] = events.Scores[(2 * i) + j] - log.Derivative(j);
            }
        }

        foreach (Func<double, double, double> g in (Func<double, double, double>[])[(_, _) => 1, (m, _) => m - 90, (_, y) => Math.Cos(y), (m, y) => Math.Sign(m - 91) * Math.Cos(y), (m, y) => Math.Abs(m - 91) < 3 ? y - 1.5 : 0])
        {
            for (int j = 0; j < 2; j++)
            {
                double[] terms = [.. Enumerable.Range(0, events.Count).Select(i => left[(2 * i) + j] * g(events.Xs[2 * i], events.Xs[(2 * i) + 1]))];
                double mean = terms.Average(), error = Math.Sqrt(terms.Average(t => (t - mean) * (t - mean)) / terms.Length);
                Assert.InRange(mean / error, -Deviations, Deviations);
            }
        }
    }

    [Fact]
    public void MinedScoresAndRatios_HaveTheirMeans()
    {
        MinedCheckResult result = MinedCheck.Run(new Miner(new MuonScan()), [Standard[0], Standard[1], 0.3, -0.4], 1000, new Rng(3));
        Assert.Null(result.NotMinable);
        Assert.Empty(result.Problems);
        Assert.Empty(result.Warnings);
        Assert.True(result.Compared > 3000, $"{result.Compared}");
    }

    [Theory, MemberData(nameof(Couplings))]
    public void Efficiency_IsTheShareOfAttempts(double v, double a)
    {
        const int Events = 4000;
        double[] theta = [v, a];
        int attempts = Enumerable.Range(0, Events).Sum(i => RecordingTrace.Run(new MuonScan(), theta, new Rng(4).Split(i)).Entries.Count(e => e.Site.Name == "accepted"));

        // Attempts until the first success: mean 1/ε, variance (1 − ε)/ε².
        double efficiency = MuonScanEvent.Efficiency(theta);
        Assert.Equal(1 / efficiency, (double)attempts / Events, Deviations * Math.Sqrt((1 - efficiency) / Events) / efficiency);
        Assert.InRange(efficiency, 0.6, 0.9);
    }

    [Fact]
    public void Event_ThatIsNeverAccepted_Ends()
    {
        double[] x = new double[2];
        ((ISimulator)new MuonScan().Under(Intervention.Set("accepted", 0))).Simulate(Standard, x, new Rng(5));
        Assert.All(x, v => Assert.True(double.IsNaN(v)));
        Assert.Equal(double.NegativeInfinity, new MuonScan().LogLikelihood(Standard, x));
    }

    [Fact]
    public void AnyCall_OutOfRange_Throws()
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, -101])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new MuonScan().LogLikelihood([bad, 0], [90, 1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => ((ISimulator)new MuonScan()).Simulate([0, bad], new double[2], new Rng(1)));
        }

        Assert.Throws<ArgumentException>(() => new MuonScan().LogLikelihood([0], [90, 1]));
        Assert.Throws<ArgumentException>(() => new MuonScan().LogLikelihood([0, 0], [90]));
    }
}
