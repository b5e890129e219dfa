using Quincunx.Inference;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Npe;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>Every method that ends in a posterior, on problems whose posterior is known.</summary>
[Trait("Category", "Slow")]
public sealed class MethodExactTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => MethodCases.Names;

    // A normal of the share's logit, as each Bayesian network gives, is none of the posteriors at the ends of the board. And between thetas far apart a few events have ratios of e^30 and more: a squared error of ratios
    // looks at nothing else, which is what the page of mined gold says against rolr and rascal.
    public static TheoryData<string> OfAnyShape => MethodCases.Without("bnn-npe", "rolr", "rascal");

    // Bins of a board of twenty rows, a uniform prior: Beta(x + 1, 21 - x).
    [Theory, MemberData(nameof(OfAnyShape))]
    public void Train_OnTheGaltonBoard_FindsTheBetaPosterior(string name) => Check(name, PosteriorCases.Of("galton-board"), 4000, mean: 0.25, spread: 0.25);

    [Theory, MemberData(nameof(Names))]
    public void Train_OnALine_FindsTheNormalPosterior(string name) => Check(name, PosteriorCases.LinearGaussian(1), 4000, mean: 0.25, spread: 0.25);

    // What the other methods miss at this size, with networks and training that take longer than a test, is on the page of exact posteriors.
    [Theory]
    [InlineData("npe")]
    [InlineData("apt")]
    [InlineData("nle")]
    public void Train_OnTenDimensions_FindsTheNormalPosterior(string name) => Check(name, PosteriorCases.LinearGaussian(10), 8000, mean: 0.3, spread: 0.3);

    // Means within a part of the exact standard deviation, and products of deviations within a part of the product of standard deviations.
    private void Check(string name, PosteriorCase problem, int simulations, double mean, double spread)
    {
        const int Draws = 4000;
        int d = problem.Prior.Dimension;
        MethodCase method = MethodCases.Of(name).On((theta, x) => problem.LogPosterior(theta, x) - problem.Prior.LogProb(theta));
        (double[] thetas, double[] xs) = problem.Draw(Math.Min(simulations, method.MostSimulations), new Rng(41));
        IPosteriorEstimator posterior = method.Train(problem.Prior, thetas, xs, problem.Features, method.Training, new Rng(42), CancellationToken.None).Posterior;
        List<string> faults = [];
        foreach (double[] x in problem.Observations)
        {
            (double[] exactMean, double[] exact) = problem.Moments(x);
            double[] draws = new double[Draws * d];
            posterior.Sample(x, draws, new Rng(43));
            double[] centre = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, Draws).Average(n => draws[(n * d) + i]))];
            double worstMean = 0, worst = 0;
            for (int i = 0; i < d; i++)
            {
                double sd = Math.Sqrt(exact[i * (d + 1)]);
                worstMean = Math.Max(worstMean, Math.Abs(centre[i] - exactMean[i]) / sd);
                for (int j = 0; j <= i; j++)
                {
                    double product = Enumerable.Range(0, Draws).Average(n => (draws[(n * d) + i] - centre[i]) * (draws[(n * d) + j] - centre[j]));
                    worst = Math.Max(worst, Math.Abs(product - exact[(i * d) + j]) / (sd * Math.Sqrt(exact[j * (d + 1)])));
                }
            }

            string found = $"{name}, {problem.Name}, x = {string.Join(", ", x.Take(3))}: means off by {worstMean:F3} sd, covariances by {worst:F3}";
            output.WriteLine(found);
            if (!(worstMean < mean && worst < spread))
            {
                faults.Add(found);
            }
        }

        // 4,000 draws have means within 0.03 sd and variances within 4 %; what is left is the error of a network trained for a moment.
        Assert.Empty(faults);
    }
}
