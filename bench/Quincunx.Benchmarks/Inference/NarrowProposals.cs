using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Benchmarks.Inference;

/// <summary>How often a proposal that is too narrow on purpose is flagged by the tail index of its weights.</summary>
/// <remarks>
/// The posterior's mean and correlations, with all standard deviations times s. With y the squared distance from the mean in the proposal's own standard deviations, chi-squared with d degrees of freedom, the log-weight is (1 − s²) y / 2 and a
/// constant. The tail P(w > t) falls as t^(−1 / (1 − s²)) but for powers of log t: the index is k = 1 − s² in any dimension, and above 0.7 for s below 0.548 alone. At the threshold of a finite number of draws the index is von Mises' derivative of
/// the reciprocal hazard, (1 − s²) / (2 h(y)) + (1 / h)'(y) with the hazard h of the chi-squared: below 1 − s² in one dimension, where h is above 1/2, equal to it in two, and far above in many.
/// </remarks>
internal static class NarrowProposals
{
    private const int Seeds = 100;

    public static void Print(TextWriter output, int[] dimensions)
    {
        output.WriteLine("| d | width | draws | k in the limit | k at the threshold | k-hat: mean, sd | flagged | efficiency falling | efficiency: mean |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (int d in dimensions)
        {
            var model = new CoupledGaussian(d);
            foreach ((double width, int draws) in ((double, int)[])[(0.2, 20_000), (0.3, 20_000), (0.4, 20_000), (0.5, 20_000), (0.5, 200_000), (0.6, 20_000), (0.8, 20_000)])
            {
                double[] x = model.Simulate(1, new Rng(1).Split("observation")).Xs;
                var reweighting = PosteriorReweighting.ByLikelihood(new NormalProposal(model.Posterior(x, width)), model.Prior, model, x);
                double[] ks = new double[Seeds];
                (int falling, double efficiency) = (0, 0);
                for (int seed = 0; seed < Seeds; seed++)
                {
                    ReweightedDraws run = reweighting.Draw(draws, new Rng((ulong)seed).Split("narrow"));
                    ks[seed] = run.Weights.ParetoK;
                    falling += run.Curve().Trend == EfficiencyTrend.Falling ? 1 : 0;
                    efficiency += run.Weights.Efficiency / Seeds;
                }

                double mean = ks.Average(), sd = Math.Sqrt(ks.Sum(k => (k - mean) * (k - mean)) / (Seeds - 1));
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {d} | {width} | {draws} | {1 - (width * width):F2} | {AtThreshold(d, width, draws):F2} | {mean:F2}, {sd:F2} | {ks.Count(k => k > 0.7)} | {falling} | {efficiency:G2} |"));
                output.Flush();
            }
        }
    }

    private static double AtThreshold(int d, double width, int draws)
    {
        double y = SpecialFunctions.ChiSquaredQuantile(1 - (3 / Math.Sqrt(draws)), d), a = (1 - (width * width)) / 2, step = 1e-4 * y;
        return (a * Reciprocal(y)) + ((Reciprocal(y + step) - Reciprocal(y - step)) / (2 * step));

        double Reciprocal(double at) => SpecialFunctions.ChiSquaredSurvival(at, d)
            / Math.Exp((((0.5 * d) - 1) * Math.Log(at)) - (0.5 * at) - (0.5 * d * Math.Log(2)) - SpecialFunctions.LogGamma(0.5 * d));
    }

    private sealed class NormalProposal(MultivariateNormal normal) : IPosterior
    {
        public int Dimension => normal.Dimension;

        public bool IsNormalised => true;

        public void Sample(Span<double> thetas, Rng rng)
        {
            for (int i = 0; i < thetas.Length; i += Dimension)
            {
                normal.Sample(thetas.Slice(i, Dimension), rng);
            }
        }

        public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
        {
            for (int i = 0; i < logProbs.Length; i++)
            {
                logProbs[i] = normal.LogProb(thetas.Slice(i * Dimension, Dimension));
            }
        }
    }
}
