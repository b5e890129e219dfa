using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.ScoreModels;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>How near every method's defaults come to the closed form of a linear Gaussian of any dimension.</summary>
/// <remarks>theta ~ N(0, I) and x = A theta + 0.5 e with ones on A's diagonal and 0.5 beside it: precision I + 4 AᵀA, mean of covariance · 4 Aᵀx.</remarks>
internal static class LinearGaussianScores
{
    private const int Draws = 4000;

    // As the study file has it where a method has no settings of its own.
    private static readonly TrainingOptions Usual = new() { AverageDecay = 0.99 };

    // Chains along gradients where there are many parameters.
    private static readonly SampledPosteriorOptions Many = new() { Sampler = PosteriorSampler.Nuts, Chains = 96, StageMoves = 30 };

    private delegate IPosteriorEstimator Train(IDistribution prior, double[] thetas, double[] xs, int d, Rng rng);

    private static readonly Dictionary<string, Train> Methods = new()
    {
        ["npe"] = (prior, thetas, xs, d, rng) => NeuralPosteriorEstimation.Train(new SupportBijection(prior), thetas, xs, d, new NeuralPosteriorOptions(), Usual, rng).Posterior,
        ["mdn"] = (prior, thetas, xs, d, rng) => MixtureDensityEstimation.Train(new SupportBijection(prior), thetas, xs, d, new MixtureDensityOptions(), Usual, rng).Posterior,
        ["fmpe"] = (prior, thetas, xs, d, rng) => FlowMatching.Train(new SupportBijection(prior), thetas, xs, d, new FlowMatchingOptions(), FlowMatching.DefaultTraining, rng).Posterior,
        ["npse"] = (prior, thetas, xs, d, rng) => ScoreEstimation.Train(new SupportBijection(prior), thetas, xs, d, new ScoreEstimationOptions(), ScoreEstimation.DefaultTraining, rng).Posterior,
        ["nle"] = (prior, thetas, xs, d, rng) => Sampled(
            prior, NeuralLikelihoodEstimation.Train(new SupportBijection(prior), thetas, xs, d, new NeuralLikelihoodOptions(), NeuralLikelihoodEstimation.DefaultTraining, rng).Likelihood),
        ["nre-a"] = (prior, thetas, xs, d, rng) => Ratio(prior, thetas, xs, d, RatioLoss.Binary, rng),
        ["nre-b"] = (prior, thetas, xs, d, rng) => Ratio(prior, thetas, xs, d, RatioLoss.Contrastive, rng),
        ["nre-c"] = (prior, thetas, xs, d, rng) => Ratio(prior, thetas, xs, d, RatioLoss.ContrastiveMarginal, rng),
    };

    /// <param name="method">One of them, or all.</param>
    /// <param name="simulations">For the one network that serves both observations: of theta = 0 and of ±1 in turn, without noise.</param>
    public static void Print(TextWriter output, string method, int simulations, IReadOnlyList<int> dimensions)
    {
        output.WriteLine("| method | d | simulations | mean, rms of its error in sd | sd over exact | largest error of a correlation | seconds |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (int d in dimensions)
        {
            foreach ((string name, Train train) in Methods.Where(m => method == "all" || m.Key == method))
            {
                var rng = new Rng(1);
                double[] thetas = new double[simulations * d], xs = new double[simulations * d];
                rng.Split("theta").FillNormal(thetas);
                rng.Split("x").FillNormal(xs);
                for (int i = 0; i < simulations; i++)
                {
                    Observe(thetas.AsSpan(i * d, d), xs.AsSpan(i * d, d));
                }

                var prior = new IndependentProduct([.. Enumerable.Range(0, d).Select(i => ($"theta_{i}", (IDistribution)new Normal(0, 1)))]);
                long began = Stopwatch.GetTimestamp();
                IPosteriorEstimator posterior = train(prior, thetas, xs, d, rng.Split("train"));
                (double squares, double sds, double correlation) = (0, 0, 0);
                foreach (double sign in (double[])[0, 1])
                {
                    double[] x = new double[d];
                    Observe([.. Enumerable.Range(0, d).Select(i => i % 2 == 0 ? sign : -sign)], x);
                    (double square, double sd, double off) = Compare(posterior, x, rng.Split("draws"));
                    (squares, sds, correlation) = (squares + (square / 2), sds + (sd / 2), Math.Max(correlation, off));
                }

                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {name} | {d} | {simulations} | {Math.Sqrt(squares):F3} | {sds:F3} | {correlation:F3} | {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} |"));
                output.Flush();
            }
        }
    }

    // Adds A theta to half of what is there.
    private static void Observe(ReadOnlySpan<double> theta, Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (0.5 * x[i]) + theta[i] + (i + 1 < x.Length ? 0.5 * theta[i + 1] : 0);
        }
    }

    private static (double SquaredMean, double Sd, double Correlation) Compare(IPosteriorEstimator posterior, double[] x, Rng rng)
    {
        int d = x.Length;
        Matrix<double> a = Matrix<double>.Build.Dense(d, d, (i, j) => i == j ? 1 : j == i + 1 ? 0.5 : 0);
        Matrix<double> exact = (Matrix<double>.Build.DenseIdentity(d) + (4 * a.TransposeThisAndMultiply(a))).Inverse();
        Vector<double> centre = exact * (4 * a.TransposeThisAndMultiply(Vector<double>.Build.Dense(x)));
        double[] draws = new double[Draws * d];
        posterior.Sample(x, draws, rng);
        Matrix<double> rows = Matrix<double>.Build.Dense(Draws, d, (n, i) => draws[(n * d) + i]);
        Vector<double> mean = rows.ColumnSums() / Draws;
        Matrix<double> centred = Matrix<double>.Build.Dense(Draws, d, (n, i) => rows[n, i] - mean[i]), covariance = centred.TransposeThisAndMultiply(centred) / Draws;
        (double squares, double sds, double correlation) = (0, 0, 0);
        for (int i = 0; i < d; i++)
        {
            squares += Math.Pow(mean[i] - centre[i], 2) / exact[i, i] / d;
            sds += Math.Sqrt(covariance[i, i] / exact[i, i]) / d;
            for (int j = 0; j < i; j++)
            {
                correlation = Math.Max(correlation, Math.Abs((covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j])) - (exact[i, j] / Math.Sqrt(exact[i, i] * exact[j, j]))));
            }
        }

        return (squares, sds, correlation);
    }

    private static SampledPosterior Ratio(IDistribution prior, double[] thetas, double[] xs, int d, RatioLoss loss, Rng rng) => Sampled(
        prior, NeuralRatioEstimation.Train(new SupportBijection(prior), thetas, xs, d, new NeuralRatioOptions { Loss = loss }, NeuralRatioEstimation.DefaultTraining, rng).Ratio);

    private static SampledPosterior Sampled(IDistribution prior, ILikelihoodEstimator likelihood) => new(prior, likelihood, prior.Dimension < 20 ? null : Many);
}
