using Quincunx.Inference;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Diagnostics;

/// <summary>q(theta | x) = N(x/2 + shift, width² Σ/2) with unit variances in Σ and one correlation between neighbours in two dimensions.</summary>
/// <remarks>With x ~ N(0, 2 Σ₀), shift 0, width 1 and the correlation of the pairs it is exactly calibrated.</remarks>
internal sealed class GaussianPosterior(int dimension, double width = 1, double shift = 0, double correlation = 0) : IPosteriorEstimator
{
    public int Dimension => dimension;

    public bool IsNormalised => true;

    private double Sd => width * Math.Sqrt(0.5);

    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        rng.FillNormal(thetas);
        for (int i = 0; i < thetas.Length; i += dimension)
        {
            if (dimension == 2)
            {
                thetas[i + 1] = (correlation * thetas[i]) + (Math.Sqrt(1 - (correlation * correlation)) * thetas[i + 1]);
            }

            for (int j = 0; j < dimension; j++)
            {
                thetas[i + j] = (x[j] / 2) + shift + (Sd * thetas[i + j]);
            }
        }
    }

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        for (int i = 0; i < logProbs.Length; i++)
        {
            logProbs[i] = LogProb(x, thetas.Slice(i * dimension, dimension));
        }
    }

    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        for (int i = 0; i < logProbs.Length; i++)
        {
            logProbs[i] = LogProb(xs.Slice(i * dimension, dimension), thetas.Slice(i * dimension, dimension));
        }
    }

    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < xs.Length / dimension; i++)
        {
            Sample(xs.Slice(i * dimension, dimension), thetas.Slice(i * count * dimension, count * dimension), rng);
        }
    }

    /// <summary>n pairs for which the posterior of width 1, no shift and this correlation is exact.</summary>
    internal static (double[] Thetas, double[] Xs) Pairs(int count, int dimension, Rng rng, double correlation = 0)
    {
        double[] thetas = new double[count * dimension], xs = new double[count * dimension];
        rng.FillNormal(xs);
        var exact = new GaussianPosterior(dimension, correlation: correlation);
        for (int i = 0; i < thetas.Length; i += dimension)
        {
            for (int j = 0; j < dimension; j++)
            {
                xs[i + j] *= Math.Sqrt(2);
            }

            exact.Sample(xs.AsSpan(i, dimension), thetas.AsSpan(i, dimension), rng);
        }

        return (thetas, xs);
    }

    private double LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> theta)
    {
        double log = -dimension * Math.Log(Sd), first = 0;
        for (int j = 0; j < dimension; j++)
        {
            double z = (theta[j] - (x[j] / 2) - shift) / Sd;
            if (j == 1 && dimension == 2)
            {
                double root = Math.Sqrt(1 - (correlation * correlation));
                z = (z - (correlation * first)) / root;
                log -= Math.Log(root);
            }

            first = z;
            log += SpecialFunctions.NormalLogPdf(z);
        }

        return log;
    }
}
