using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Equivariance;

/// <summary>Five numbers of N(mu, 1) with mu ~ N(0, priorSd²), where p(mu | x, ĝ) is known for a normal blur of any width.</summary>
/// <param name="priorSd">Infinite for a flat prior.</param>
internal sealed class ExactLocation(double priorSd, double width) : IPosedPosterior, ILikelihood
{
    public static readonly double[] X = [0.3, -0.9, 1.4, 0.2, -0.5];

    public static VectorTranslation Group { get; } = new(1, [0], [1, 1, 1, 1, 1]);

    public int Dimension => 1;

    public double Precision => X.Length + (1 / (priorSd * priorSd));

    public double Mean => X.Sum() / Precision;

    public Normal Prior => new(0, priorSd);

    public double LogEvidence => Prior.LogProb([0.0]) + LogLikelihood([0.0], X) - new Normal(Mean, 1 / Math.Sqrt(Precision)).LogProb([0.0]);

    public PoseKernel Kernel { get; } = new(Group, new Normal(0, width));

    public double Cdf(double mu) => SpecialFunctions.NormalCdf((mu - Mean) * Math.Sqrt(Precision));

    public GibbsResult Run(int chains, ulong seed, GibbsOptions? options = null, Support? prior = null) =>
        PoseGibbs.Run(this, Kernel, [prior ?? Support.Real], X, chains, options ?? new GibbsOptions(), new Rng(seed), CancellationToken.None);

    // Wide of the mark, so that chains have to move.
    public void Start(ReadOnlySpan<double> x, Span<double> poses, Rng rng)
    {
        for (int i = 0; i < poses.Length; i++)
        {
            poses[i] = 1 + (2 * rng.NextNormal());
        }
    }

    public void Sample(ReadOnlySpan<double> x, ReadOnlySpan<double> poses, Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < poses.Length; i++)
        {
            (double mean, double sd) = Given(poses[i]);
            thetas[i] = mean + (sd * rng.NextNormal());
        }
    }

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> poses, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        for (int i = 0; i < thetas.Length; i++)
        {
            (double mean, double sd) = Given(poses[poses.Length == 1 ? 0 : i]);
            logProbs[i] = new Normal(mean, sd).LogProb(thetas.Slice(i, 1));
        }
    }

    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double log = 0;
        for (int i = 0; i < x.Length; i++)
        {
            log += SpecialFunctions.NormalLogPdf(x[i] - theta[0]);
        }

        return log;
    }

    private (double Mean, double Sd) Given(double pose)
    {
        double blur = 1 / (width * width), precision = Precision + blur;
        return (((Precision * Mean) + (blur * pose)) / precision, 1 / Math.Sqrt(precision));
    }
}
