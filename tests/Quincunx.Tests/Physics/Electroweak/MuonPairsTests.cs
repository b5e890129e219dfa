using System.Globalization;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Physics.Electroweak;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Electroweak;

public sealed class MuonPairsTests
{
    private const string Data = "ee-mumu/forward_backward_asymmetry.csv";
    private const double Sine = MuonPairs.EffectiveSine;

    // The standard model's values beside the measurements, in percent: within one percentage point, as the page says.
    [SharedDataFact(Data)]
    public void Asymmetry_AtTheExperiments_IsThatOfTheStandardModel()
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(SharedData.Folder!, Data)).Where(l => !l.StartsWith('#')).Skip(1).Select(l => l.Split(','))];
        rows = [.. rows.Where(r => r[5] == "gammaZ" && !r[4].StartsWith("DELPHI", StringComparison.Ordinal))];
        Assert.Equal(15, rows.Length);
        foreach (string[] row in rows)
        {
            Assert.Equal(double.Parse(row[3], CultureInfo.InvariantCulture), 100 * MuonPairs.Asymmetry(double.Parse(row[0], CultureInfo.InvariantCulture), Sine), 1.0);
        }

        // The table that is typed in has the same measurements.
        Assert.Equal(
            rows.Select(r => string.Join(' ', [r[4].Split(' ')[0], .. r[..3].Select(c => double.Parse(c, CultureInfo.InvariantCulture))])).Order(),
            MuonAsymmetries.Measured.Select(m => string.Join(' ', [m.Experiment, m.EnergyGeV, m.Percent, m.Error])).Order());
    }

    [Theory]
    [InlineData(13.9, -1.25), InlineData(52, -24.7), InlineData(57, -32.2)]
    public void Asymmetry_BelowTheZ_IsTheQuotedOne(double energy, double percent) => Assert.Equal(percent, 100 * MuonPairs.Asymmetry(energy, Sine), 0.3);

    // At the pole the photon's part is a half percent of the cross-section, and its interference vanishes: 3/4 A², A = 2 v a / (v² + a²).
    [Fact]
    public void Asymmetry_AtTheZ_IsTheCouplings()
    {
        double v = -0.5 + (2 * Sine), a = -0.5, coupling = 2 * v * a / ((v * v) + (a * a)), pole = 0.75 * coupling * coupling;
        Assert.InRange(MuonPairs.Asymmetry(MuonPairs.MassZGeV, Sine), 0.99 * pole, pole);
    }

    // World averages at the pole (hep-ex/0509008): 41.540 nb of hadrons, 20.767 times the leptons. The weak corrections that Born leaves out are 1.4 %.
    [Fact]
    public void CrossSection_AtTheZ_IsThatOfLep() => Assert.Equal(41.540 / 20.767, MuonPairs.CrossSectionNanobarn(MuonPairs.MassZGeV, Sine), 0.03);

    // Far below the Z: 4 π α² / 3s = 86.8 nb GeV² / s, times the square of the running.
    [Fact]
    public void CrossSection_FarBelowTheZ_IsThatOfThePhoton()
    {
        double running = MuonPairs.Alpha(12.0) * 137.035999177;
        Assert.Equal(86.85 / 144 * running * running, MuonPairs.CrossSectionNanobarn(12.0, 0.25), 2e-4 * 0.6);
        Assert.InRange(1 / MuonPairs.Alpha(MuonPairs.MassZGeV), 128.85, 129.05);    // 128.95 ± 0.02 (Particle Data Group)
    }

    [Fact]
    public void FermiConstant_AtTheMeasuredAngle_IsTheMeasuredOne() => Assert.Equal(1.1663788e-5, MuonPairs.FermiConstant(Sine), 0.005 * 1.1663788e-5);

    [Theory]
    [InlineData(14.0, 0.23), InlineData(57.0, 0.3), InlineData(91.2, 0.2), InlineData(180.0, 0.23)]
    public void CrossSection_OverAngles_GivesTotalAndAsymmetry(double energy, double sine)
    {
        // Simpson's rule is exact for squares.
        double At(double cosine) => MuonPairs.CrossSectionNanobarn(energy, sine, cosine);
        double forward = (At(0) + (4 * At(0.5)) + At(1)) / 6, backward = (At(0) + (4 * At(-0.5)) + At(-1)) / 6;
        Assert.Equal(MuonPairs.CrossSectionNanobarn(energy, sine), forward + backward, 1e-13 * (forward + backward));
        Assert.Equal(MuonPairs.Asymmetry(energy, sine), (forward - backward) / (forward + backward), 1e-13);
    }

    [Fact]
    public void Asymmetry_OnDualNumbers_MatchesCentralDifferences()
    {
        (double energy, double sine, double h) = (43.6, 0.24, 1e-5);
        var moving = MuonPairs.Asymmetry(Dual<Tangent4>.Variable(energy, 0), Dual<Tangent4>.Variable(sine, 1));
        Assert.Equal((MuonPairs.Asymmetry(energy + h, sine) - MuonPairs.Asymmetry(energy - h, sine)) / (2 * h), moving.Derivative(0), 1e-9);
        Assert.Equal((MuonPairs.Asymmetry(energy, sine + h) - MuonPairs.Asymmetry(energy, sine - h)) / (2 * h), moving.Derivative(1), 1e-8);
    }

    [Theory]
    [InlineData(0.0), InlineData(-0.6), InlineData(0.75), InlineData(0.3)]
    public void AngularLaw_DrawsAndNoise_HaveTheDensity(double asymmetry)
    {
        const int Draws = 20_000;
        var law = new AngularLaw<double>(asymmetry);
        var rng = new Rng(7);
        double[] noise = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            double c = law.Sample(rng);
            noise[i] = law.ToNoise(c, rng);
            if (i < 1000)
            {
                Assert.Equal(c, law.FromNoise(noise[i]), 1e-14);
            }
        }

        Array.Sort(noise);
        double distance = noise.Select((e, i) => Math.Max(Math.Abs(SpecialFunctions.NormalCdf(e) - ((double)i / Draws)), Math.Abs(SpecialFunctions.NormalCdf(e) - ((i + 1.0) / Draws)))).Max();
        Assert.InRange(SpecialFunctions.KolmogorovSmirnovPValue(distance, Draws), 1e-5, 1);

        // Slope of the distribution function against the density.
        foreach (double c in (double[])[-0.95, -0.2, 0.4, 0.99])
        {
            double h = 1e-5, slope = (SpecialFunctions.NormalCdf(law.ToNoise(c + h, rng)) - SpecialFunctions.NormalCdf(law.ToNoise(c - h, rng))) / (2 * h);
            Assert.Equal(Math.Exp(law.LogProb(c)), slope, 1e-8);
        }

        Assert.Equal(double.NegativeInfinity, law.LogProb(1.01));
        Assert.True(double.IsNaN(law.LogProb(double.NaN)));
    }

    [Fact]
    public void LogLikelihood_EventsOfTheirOwn_IsTheJointDensity()
    {
        foreach ((IMechanism model, double[] theta) in ((IMechanism, double[])[])[(new MuonAngles(20), [0.2, 50]), (new MuonAsymmetries(), [0.2])])
        {
            TraceRecord record = RecordingTrace.Run(model, theta, new Rng(5));
            Assert.Equal(record.LogProb, ((ILikelihood)model).LogLikelihood(theta, record.X), 1e-12 * (1 + Math.Abs(record.LogProb)));
        }
    }

    // Mean cosine: A_FB 2/3; mean of its square: 2/5.
    [Fact]
    public void Simulate_ManyAngles_HaveTheMoments()
    {
        const int Events = 100_000;
        double[] x = new double[Events];
        ((ISimulator)new MuonAngles(Events)).Simulate([Sine, 57], x, new Rng(1));
        double asymmetry = MuonPairs.Asymmetry(57, Sine), mean = 2 * asymmetry / 3;
        Assert.Equal(mean, x.Average(), 4 * Math.Sqrt((0.4 - (mean * mean)) / Events));
        Assert.Equal(asymmetry, x.Average(c => Math.Sign(c)), 4 * Math.Sqrt((1 - (asymmetry * asymmetry)) / Events));
        Assert.Equal(0.4, x.Average(c => c * c), 4 * Math.Sqrt(((9.0 / 35) - 0.16) / Events));      // E c⁴ = 3/4 (1/5 + 1/7)
    }

    [Fact]
    public void AnyCall_OutOfRange_Throws()
    {
        foreach (double bad in (double[])[0, 1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => MuonPairs.Asymmetry(40, bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => MuonPairs.FermiConstant(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new MuonAsymmetries().LogLikelihood([bad], new double[15]));
        }

        foreach (double bad in (double[])[9.9, 201, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => MuonPairs.Alpha(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => MuonPairs.CrossSectionNanobarn(bad, 0.2));
            Assert.Throws<ArgumentOutOfRangeException>(() => ((ISimulator)new MuonAngles(2)).Simulate([0.2, bad], new double[2], new Rng(1)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => MuonPairs.CrossSectionNanobarn(40, 0.2, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MuonAngles(0));
        Assert.Throws<ArgumentException>(() => new MuonAngles(2).LogLikelihood([0.2, 40], new double[3]));
        Assert.Throws<ArgumentException>(() => new MuonAsymmetries().LogLikelihood([0.2], new double[3]));
        Assert.Throws<ArgumentException>(() => new AngularLaw<double>(0.8).Sample(new Rng(1)));
    }
}
