using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Special;
using Quincunx.Tests.Inference.Nre;

namespace Quincunx.Tests.Inference.Importance;

/// <summary>theta ~ N(0, I), x ~ N(theta, I), with its likelihood: the posterior is N(x / 2, I / 2) and x ~ N(0, 2 I).</summary>
internal sealed class GaussianModel : ILikelihood
{
    public static double[] Observed(int d) => [.. Enumerable.Range(0, d).Select(i => i % 2 == 0 ? 1.0 : -0.5)];

    public static double LogEvidence(double[] x) => x.Sum(v => SpecialFunctions.NormalLogPdf(v / Math.Sqrt(2)) - (0.5 * Math.Log(2)));

    /// <summary>By a proposal of the posterior's mean, moved by some of its standard deviations and wider by a factor.</summary>
    public static PosteriorReweighting Reweighting(int d, double widening, double shift = 0)
    {
        double[] x = Observed(d);
        IDistribution prior = LinearGaussian.Prior(d);
        return PosteriorReweighting.ByLikelihood(Proposal(d, widening, shift), prior, new GaussianModel(), x);
    }

    public static GaussianProposal Proposal(int d, double widening, double shift = 0) =>
        new([.. Observed(d).Select(v => (0.5 * v) + (shift * Math.Sqrt(0.5)))], widening * Math.Sqrt(0.5));

    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double log = 0;
        for (int i = 0; i < theta.Length; i++)
        {
            log += SpecialFunctions.NormalLogPdf(x[i] - theta[i]);
        }

        return log;
    }
}
