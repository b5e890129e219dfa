using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Pilots;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Pilots;

public sealed class LeastSquaresPilotTests
{
    private static readonly Box Unit = new([0, 0], [1, 1]);

    [Fact]
    public void Estimate_LinearModelAndNormalPrior_IsThePosterior()
    {
        var pilot = new LeastSquaresPilot(Line.Prior, Line.Slopes, 3, 1, (context, sigmas) => sigmas.Fill(context[0]));
        double[] x = [0.9, -0.4, 0.3, 0.4], location = new double[2], factor = new double[4], summaries = new double[1];
        pilot.Estimate(x, location, factor, summaries);
        (double[] mean, double[] covariance) = Fresh.NoisyLine.Posterior(x, 0.4);

        // The prior's moments are those of 4,096 draws, each good to 1.6 %; beside it the data say more than ten times as much.
        Assert.Equal(mean[0], location[0], 0.01);
        Assert.Equal(mean[1], location[1], 0.01);
        double aa = factor[0] * factor[0], ab = factor[0] * factor[2], bb = (factor[2] * factor[2]) + (factor[3] * factor[3]), det = (aa * bb) - (ab * ab);
        Assert.Equal(covariance[0], bb / det, 0.01 * covariance[0]);
        Assert.Equal(covariance[1], -ab / det, 0.01 * Math.Sqrt(covariance[0] * covariance[3]));
        Assert.Equal(covariance[3], aa / det, 0.01 * covariance[3]);
        Assert.Equal(0.4, summaries[0]);
    }

    [Fact]
    public void Estimate_NonlinearModel_IsWhereTheGradientVanishes()
    {
        LeastSquaresPilot pilot = Decay();
        double[] x = Observed([0.8, 0.35], new Rng(3)), location = new double[2], factor = new double[4];
        pilot.Estimate(x, location, factor, new double[pilot.Summaries]);

        // Of what is minimised, by central differences, in units of the precision: L⁻¹ g is the distance in standard deviations. An expected improvement of 1e-5 is 0.0045 of them.
        double Objective(double a, double b)
        {
            double[] outputs = new double[8];
            Model([a, b], outputs, new double[16]);
            return (0.5 * outputs.Zip(x, (f, y) => (y - f) * (y - f) / (Sigma * Sigma)).Sum()) + (6 * (((a - 0.5) * (a - 0.5)) + ((b - 0.5) * (b - 0.5))));
        }

        const double Step = 1e-5;
        double[] gradient =
        [
            (Objective(location[0] + Step, location[1]) - Objective(location[0] - Step, location[1])) / (2 * Step),
            (Objective(location[0], location[1] + Step) - Objective(location[0], location[1] - Step)) / (2 * Step),
        ];
        double first = gradient[0] / factor[0], second = (gradient[1] - (factor[2] * first)) / factor[3];

        // The prior's moments are estimates: they move it by a few thousandths.
        Assert.InRange(Math.Sqrt((first * first) + (second * second)), 0, 0.02);
    }

    [Fact]
    public void Estimate_TruthAtAnEdge_StaysFiniteAndNearIt()
    {
        LeastSquaresPilot pilot = Decay();
        double[] location = new double[2], factor = new double[4];
        for (int i = 0; i < 50; i++)
        {
            double[] x = Observed([0.999, 0.001], new Rng(7).Split(i));
            pilot.Estimate(x, location, factor, new double[pilot.Summaries]);
            Assert.True(factor[0] > 0 && factor[3] > 0);
            double first = (factor[0] * (location[0] - 0.999)) + (factor[2] * (location[1] - 0.001)), second = factor[3] * (location[1] - 0.001);

            // Two squared normals, nearly: beyond 30 with a chance of 3e-7 each.
            Assert.InRange((first * first) + (second * second), 0, 30);
        }
    }

    [Fact]
    public void Estimate_ResidualsAlongDirections_AreSummaries()
    {
        double[] directions = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        LeastSquaresPilot pilot = Decay(directions);
        double[] x = Observed([0.4, 0.6], new Rng(1)), location = new double[2], outputs = new double[8], summaries = new double[2];
        pilot.Estimate(x, location, new double[4], summaries);
        Model(location, outputs, new double[16]);
        Assert.Equal((x[0] - outputs[0]) / Sigma, summaries[0], 0.05);       // the location is one step after the last residuals
        Assert.Equal((x[7] - outputs[7]) / Sigma, summaries[1], 0.05);
    }

    [Fact]
    public void BadInput_Throws()
    {
        Assert.Contains("directions of 8 numbers each, got 7", Assert.Throws<ArgumentException>(() => Decay(new double[7])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Decay().Estimate(new double[9], new double[2], new double[4], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LeastSquaresPilot(Unit, Model, 0, 0, (_, sigmas) => sigmas.Fill(1)));
    }

    private const double Sigma = 0.01;

    private static LeastSquaresPilot Decay(params double[] directions) => new(Unit, Model, 8, 0, (_, sigmas) => sigmas.Fill(Sigma), directions);

    private static double[] Observed(double[] theta, Rng rng)
    {
        double[] x = new double[8];
        Model(theta, x, new double[16]);
        new GaussianNoise(Enumerable.Repeat(Sigma, 8).ToArray()).Observe([.. x], [], x, rng);
        return x;
    }

    // (1 + a) e^(-b t), at t = 0 to 3.5.
    private static void Model(ReadOnlySpan<double> theta, Span<double> outputs, Span<double> slopes)
    {
        for (int i = 0; i < 8; i++)
        {
            double decay = Math.Exp(-theta[1] * 0.5 * i);
            (outputs[i], slopes[i], slopes[8 + i]) = ((1 + theta[0]) * decay, decay, -0.5 * i * (1 + theta[0]) * decay);
        }
    }
}
