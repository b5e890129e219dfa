using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Importance;

public sealed class StudentTMixtureTests
{
    // One dimension: Γ((ν+1)/2) / (Γ(ν/2) √(νπ) σ) (1 + t²/ν)^(−(ν+1)/2); for ν = 1 the Cauchy density, for ν = 3 worked out by hand.
    [Theory]
    [InlineData(1, 0.5, -1.5)]
    [InlineData(3, 2.0, 0.7)]
    public void LogProb_OneDimension_MatchesClosedForm(double dof, double sd, double z)
    {
        var mixture = StudentTMixture.Of([StudentTComponent.FromScale(1, [0.2], [sd * sd], dof)]);
        double t = (z - 0.2) / sd;
        double density = dof == 1 ? 1 / (Math.PI * (1 + (t * t)) * sd) : 2 / (Math.PI * Math.Sqrt(3) * sd * Math.Pow(1 + (t * t / 3), 2));
        Assert.Equal(Math.Log(density), mixture.LogProb([z]), 1e-13);
    }

    [Fact]
    public void LogProb_TwoDimensionalMixture_IntegratesToOne()
    {
        StudentTMixture mixture = Two().WithDefence(0.1, 2, 4);
        Assert.Equal(3, mixture.Components.Count);
        Assert.Equal(1, mixture.Components.Sum(c => c.Weight), 1e-14);

        // Both axes through z = tan-like stretch sinh(s): tails of power −(ν + 2) = −6 beyond |z| = sinh(9) are below 1e-14.
        const int Points = 360;
        double sum = 0, step = 18.0 / Points;
        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < Points; j++)
            {
                double s = -9 + ((i + 0.5) * step), t = -9 + ((j + 0.5) * step);
                sum += Math.Exp(mixture.LogProb([Math.Sinh(s), Math.Sinh(t)])) * Math.Cosh(s) * Math.Cosh(t) * step * step;
            }
        }

        Assert.Equal(1, sum, 1e-6);
    }

    [Fact]
    public void Sample_ManyDraws_FitTheDensity()
    {
        // With weights p/q of a second mixture, averages over draws must be those of the second: E_q[p/q] = 1 and E_q[p/q z] = mean of p.
        const int Count = 40_000;
        StudentTMixture q = Two(), p = StudentTMixture.Of([StudentTComponent.FromScale(1, [0.5, -0.5], [0.6, 0.1, 0.1, 0.5], 9)]);
        var rng = new Rng(6);
        double[] z = new double[2], log = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            q.Sample(z, rng);
            log[i] = p.LogProb(z) - q.LogProb(z);
        }

        var weights = ImportanceWeights.FromLog(log);
        Assert.Equal(0, weights.LogEvidence, 4 * weights.LogEvidenceError);
        Assert.True(weights.LogEvidenceError < 0.02);
    }

    [Fact]
    public void Sample_OneComponent_HasTheExactRadiusLaw()
    {
        // Squared distance over d is F(d, ν): for d = 2 its distribution function is 1 − (1 + 2 f/ν)^(−ν/2).
        const int Count = 5_000;
        const double Dof = 5;
        var mixture = StudentTMixture.Of([StudentTComponent.FromScale(1, [1, 2], [2, 0.8, 0.8, 1], Dof)]);
        var rng = new Rng(6);
        double[] z = new double[2], u = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            mixture.Sample(z, rng);
            u[i] = 1 - Math.Pow(1 + (mixture.Components[0].SquaredDistance(z) / Dof), -Dof / 2);
        }

        Array.Sort(u);
        double distance = u.Select((v, i) => Math.Max(v - ((double)i / Count), ((i + 1.0) / Count) - v)).Max();
        Assert.True(SpecialFunctions.KolmogorovSmirnovPValue(distance, Count) > 1e-3);
    }

    [Fact]
    public void Fit_WeightedDraws_RecoversTheMixtureAndNeverLowersTheObjective()
    {
        const int Count = 20_000;
        StudentTMixture truth = Two();
        (double[] points, double[] weights) = Draws(truth, Count, new Rng(3));

        MixtureFit fit = StudentTMixtureFit.Run(points, weights, 2, 2, 4, new Rng(5));

        AssertRising(fit);
        Assert.True(fit.Converged);
        StudentTComponent[] found = [.. fit.Mixture.Components.OrderBy(c => c.Mean[0])], real = [.. truth.Components.OrderBy(c => c.Mean[0])];
        for (int c = 0; c < 2; c++)
        {
            // About 6,000 effective points a component, sd of the scale's square root below 1: standard errors near 0.015; 4 of them.
            Assert.Equal(real[c].Weight, found[c].Weight, 0.03);
            Assert.Equal(real[c].Mean.ToArray(), found[c].Mean.ToArray(), (a, b) => Math.Abs(a - b) < 0.06);
            Assert.Equal(real[c].Factor.ToArray(), found[c].Factor.ToArray(), (a, b) => Math.Abs(a - b) < 0.06);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Fit_AnyNumberOfComponents_RaisesTheObjective(int components)
    {
        (double[] points, double[] weights) = Draws(Two(), 800, new Rng(9));
        AssertRising(StudentTMixtureFit.Run(points, weights, 2, components, 5, new Rng(5)));
    }

    [Fact]
    public void Fit_ScaleOfWeights_DoesNotMatter()
    {
        (double[] points, double[] weights) = Draws(Two(), 300, new Rng(9));
        MixtureFit one = StudentTMixtureFit.Run(points, weights, 2, 2, 5, new Rng(5));
        MixtureFit scaled = StudentTMixtureFit.Run(points, [.. weights.Select(w => w * 1024)], 2, 2, 5, new Rng(5));
        Assert.Equal(one.Mixture.LogProb([0.3, 0.1]), scaled.Mixture.LogProb([0.3, 0.1]), 1e-10);
    }

    [Fact]
    public void Fit_FewPointsManyComponents_StaysRegular()
    {
        (double[] points, double[] weights) = Draws(Two(), 8, new Rng(9));
        MixtureFit fit = StudentTMixtureFit.Run(points, weights, 2, 6, 5, new Rng(5));
        Assert.True(double.IsFinite(fit.Mixture.LogProb([0, 0])));
    }

    [Fact]
    public void Fit_BadInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => StudentTMixtureFit.Run([1, 2], [1, 1], 2, 1, 5, new Rng(1)));
        Assert.Throws<ArgumentException>(() => StudentTMixtureFit.Run([1, 2], [1, double.NaN], 1, 1, 5, new Rng(1)));
        Assert.Throws<ArgumentException>(() => StudentTMixtureFit.Run([1, 2, 3], [1, 0, 0], 1, 1, 5, new Rng(1)));
        Assert.Throws<ArgumentException>(() => StudentTMixtureFit.Run([1, 1, 2, 2, 3, 3], [1, 1, 1], 2, 1, 5, new Rng(1)));
        Assert.Throws<ArgumentException>(() => StudentTMixture.Of([]));
        Assert.Throws<ArgumentException>(() => StudentTComponent.FromScale(1, [0, 0], [1, 0, 2, 1], 3));
    }

    private static void AssertRising(MixtureFit fit)
    {
        for (int i = 1; i < fit.Objective.Count; i++)
        {
            Assert.True(fit.Objective[i] >= fit.Objective[i - 1] - 1e-11, $"step {i}: {fit.Objective[i - 1]} to {fit.Objective[i]}");
        }

        Assert.True(fit.Objective[^1] > fit.Objective[0]);
    }

    private static StudentTMixture Two() => StudentTMixture.Of(
    [
        StudentTComponent.FromScale(0.4, [-2, 1], [0.5, 0.2, 0.2, 0.4], 4),
        StudentTComponent.FromScale(0.6, [2, -1], [0.8, -0.5, -0.5, 0.9], 4),
    ]);

    // Draws from the mixture with a wider third component, weighted back to the mixture.
    private static (double[] Points, double[] Weights) Draws(StudentTMixture mixture, int count, Rng rng)
    {
        StudentTMixture proposal = mixture.WithDefence(0.4, 1.5, 4);
        double[] points = new double[2 * count], weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            Span<double> z = points.AsSpan(2 * i, 2);
            proposal.Sample(z, rng);
            weights[i] = Math.Exp(mixture.LogProb(z) - proposal.LogProb(z));
        }

        return (points, weights);
    }
}
