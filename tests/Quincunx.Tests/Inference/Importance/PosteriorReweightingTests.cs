using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Nre;
using Quincunx.Tests.Inference.Posteriors;

namespace Quincunx.Tests.Inference.Importance;

public sealed class PosteriorReweightingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public void Draw_OnALinearGaussian_FindsEvidenceAndMoments(int d)
    {
        // Wider by an eighth: efficiency (√(2 r² − 1) / r²)^d, which is 0.985 to 0.74.
        const int Seeds = 40, Draws = 2000;
        double r = 1.125, efficiency = Math.Pow(Math.Sqrt((2 * r * r) - 1) / (r * r), d), exact = GaussianModel.LogEvidence(GaussianModel.Observed(d));
        PosteriorReweighting reweighting = GaussianModel.Reweighting(d, r);
        ReweightedDraws[] runs = [.. Enumerable.Range(0, Seeds).Select(seed => reweighting.Draw(Draws, new Rng((ulong)seed)))];

        // The error of the error is far below that of 40 z-scores; 4 standard errors for their mean and mean square.
        double[] z = [.. runs.Select(w => (w.LogEvidence - exact) / w.LogEvidenceError)];
        Assert.Equal(0, z.Average(), 4 / Math.Sqrt(Seeds));
        Assert.Equal(1, z.Average(v => v * v), 4 * Math.Sqrt(2.0 / Seeds));
        Assert.Equal(efficiency, runs.Average(w => w.Weights.Efficiency), 0.02);
        double[] means = [.. runs.Select(w => Mean(w, theta => theta[0]))], squares = [.. runs.Select(w => Mean(w, theta => (theta[0] - 0.5) * (theta[0] - 0.5)))];
        double error = 4 / Math.Sqrt(Seeds * Draws * efficiency);
        Assert.Equal(0.5, means.Average(), error * Math.Sqrt(0.5));
        Assert.Equal(0.5, squares.Average(), error * Math.Sqrt(2) * 0.5);
        Assert.All(runs, w => Assert.Equal((EvidenceMeaning.OfTheModel, 0, Draws), (w.Meaning, w.Outside, w.Evaluations)));
    }

    [Fact]
    public void Draw_ByALearnedLikelihood_HasItsEvidence()
    {
        double[] x = GaussianModel.Observed(2);
        var learned = PosteriorReweighting.ByLearned(GaussianModel.Proposal(2, 1.2), LinearGaussian.Prior(2), KnownLikelihood.Gaussian(2, 1), x);
        ReweightedDraws found = learned.Draw(300, new Rng(1)), exact = GaussianModel.Reweighting(2, 1.2).Draw(300, new Rng(1));

        Assert.Equal(EvidenceMeaning.OfALearnedLikelihood, found.Meaning);
        Assert.Equal(exact.Thetas, found.Thetas);
        Assert.Equal(exact.LogEvidence, found.LogEvidence, 1e-12);
    }

    [Fact]
    public void Draw_ByARatio_HasWeightsAndNoEvidence()
    {
        double[] x = GaussianModel.Observed(2);
        var ratio = PosteriorReweighting.ByLearned(GaussianModel.Proposal(2, 1.2), LinearGaussian.Prior(2), new Unnormalised(KnownLikelihood.Gaussian(2, 1)), x);
        ReweightedDraws found = ratio.Draw(300, new Rng(1)), exact = GaussianModel.Reweighting(2, 1.2).Draw(300, new Rng(1));

        Assert.Equal(EvidenceMeaning.None, found.Meaning);
        Assert.Equal((double.NaN, double.NaN), (found.LogEvidence, found.LogEvidenceError));
        Assert.Equal(exact.Weights.EffectiveSampleSize, found.Weights.EffectiveSampleSize, 1e-9);
    }

    [Fact]
    public void Draw_OutsideAndFailing_AreCounted()
    {
        // A uniform prior cuts the proposal; the likelihood fails above 0.9 and is zero below 0.1.
        var prior = new Uniform(0, 1);
        var likelihood = new FunctionLikelihood(theta => theta > 0.9 ? double.NaN : theta < 0.1 ? double.NegativeInfinity : 0);
        ReweightedDraws draws = PosteriorReweighting.ByLikelihood(new GaussianProposal([0.5], 0.5), prior, likelihood, [0]).Draw(5000, new Rng(2));

        double[] thetas = [.. draws.Thetas];
        Assert.Equal(thetas.Count(t => t is < 0 or > 1), draws.Outside);
        Assert.InRange(draws.Outside, 1000, 2000);
        Assert.Equal(thetas.Count(t => t is > 0.9 and <= 1), draws.Weights.Invalid);
        Assert.Equal(draws.Outside + thetas.Count(t => t is >= 0 and < 0.1), draws.Weights.Zeros);
        Assert.Equal(5000 - draws.Outside, draws.Evaluations);
        Assert.Equal(Math.Log(0.8), draws.LogEvidence, 4 * draws.LogEvidenceError);
    }

    [Fact]
    public void Draw_More_ExtendsTheDrawsOfFewer()
    {
        PosteriorReweighting reweighting = GaussianModel.Reweighting(3, 1.2);
        ReweightedDraws few = reweighting.Draw(5000, new Rng(3)), many = reweighting.Draw(9000, new Rng(3));
        Assert.Equal(few.Thetas, many.Thetas[..15_000]);
        Assert.Equal(few.LogWeights, many.LogWeights[..5000]);
        Assert.NotEqual(many.Thetas[0], many.Thetas[3 * 4096]);
    }

    [Fact]
    public void Create_BadInput_SaysWhatItExpects()
    {
        IDistribution prior = LinearGaussian.Prior(2);
        double[] x = [0, 0];
        var chains = new ConditionedPosterior(new SampledPosterior(prior, KnownLikelihood.Gaussian(2, 1)), x);
        Assert.Contains("chains", Assert.Throws<ArgumentException>(() => PosteriorReweighting.ByLikelihood(chains, prior, new GaussianModel(), x)).Message, StringComparison.Ordinal);
        Assert.Contains("2, 3", Assert.Throws<ArgumentException>(() => PosteriorReweighting.ByLikelihood(GaussianModel.Proposal(2, 1), LinearGaussian.Prior(3), new GaussianModel(), x)).Message, StringComparison.Ordinal);
        Assert.Contains("density", Assert.Throws<ArgumentException>(() =>
            PosteriorReweighting.ByLikelihood(GaussianModel.Proposal(1, 1), new ImplicitDistribution([Support.Real], (_, _) => { }), new GaussianModel(), [0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PosteriorReweighting.ByLearned(GaussianModel.Proposal(2, 1), prior, KnownLikelihood.Gaussian(2, 1), [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianModel.Reweighting(1, 1).Draw(0, new Rng(1)));
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(5, 10_000)]
    [InlineData(20, 10_000)]
    public void Draw_AFifthOfTheWidth_IsFlagged(int d, int draws)
    {
        // The tail index of a normal that is too narrow by s is 1 − s², here 0.96. In one dimension 10,000 draws are too few: their index has a standard error of 0.11 and was above 0.7 in 93 of these seeds.
        PosteriorReweighting reweighting = GaussianModel.Reweighting(d, widening: 0.2);
        int flagged = Enumerable.Range(0, 100).Count(seed => reweighting.Draw(draws, new Rng((ulong)seed)).Weights.ParetoK > 0.7);
        Assert.InRange(flagged, 95, 100);
    }

    private static double Mean(ReweightedDraws draws, Func<double[], double> f)
    {
        double sum = 0;
        double[] thetas = [.. draws.Thetas];
        for (int i = 0; i < draws.Count; i++)
        {
            sum += draws.Weights.Weights[i] * f(thetas[(i * draws.Dimension)..((i + 1) * draws.Dimension)]) / draws.Count;
        }

        return sum;
    }

    private sealed class FunctionLikelihood(Func<double, double> log) : ILikelihood
    {
        public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x) => log(theta[0]);
    }

    /// <summary>What a ratio is: the likelihood times something of x, and known not to be normalised.</summary>
    private sealed class Unnormalised(ILikelihoodEstimator inner) : ILikelihoodEstimator
    {
        public int Dimension => inner.Dimension;

        public int Features => inner.Features;

        public bool IsNormalised => false;

        public void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs)
        {
            inner.LogLikelihood(x, thetas, logs);
            for (int i = 0; i < logs.Length; i++)
            {
                logs[i] += 3;
            }
        }

        public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs) => inner.LogLikelihoodPairs(thetas, xs, logs);

        public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients) =>
            inner.LogLikelihoodPairs(thetas, xs, logs, gradients);
    }
}
