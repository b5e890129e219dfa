using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Toys;

public sealed class TwoMoonsTests
{
    private const string Data = "sbibm/two_moons";
    private static readonly TwoMoons Model = new();

    [Fact]
    public void LogLikelihood_OverX_IntegratesToOne()
    {
        double[] theta = [0.3, -0.5];
        const double Step = 5e-4;
        double total = 0;
        for (double x = -0.1; x < 0.5; x += Step)
        {
            for (double y = -0.8; y < -0.3; y += Step)
            {
                total += Math.Exp(Model.LogLikelihood(theta, [x, y])) * Step * Step;
            }
        }

        // The crescent's ends are cut sharply: a share Step / 0.1 of the half circle decides about one row of points.
        Assert.Equal(1, total, 0.005);
    }

    [Fact]
    public void Simulate_ManyEvents_FollowTheDensityAlongRadiusAndAngle()
    {
        const int Events = 20_000;
        double[] theta = [0.3, -0.5], x = new double[2];
        double radius = 0, radiusSquares = 0, angle = 0, angleSquares = 0, logLikelihood = 0;
        for (int i = 0; i < Events; i++)
        {
            Model.Simulate(theta, x, new Rng(1).Split(i));
            double u = x[0] - 0.25 + (0.2 / Math.Sqrt(2)), v = x[1] + (0.8 / Math.Sqrt(2));
            double z = (Math.Sqrt((u * u) + (v * v)) - 0.1) / 0.01, a = Math.Atan2(v, u);
            radius += z;
            radiusSquares += z * z;
            angle += a;
            angleSquares += a * a;
            logLikelihood += Model.LogLikelihood(theta, x);
        }

        // Five comparisons at 4 standard errors. Angle: uniform on (-π/2, π/2), E a⁴ = π⁴/80.
        double error = 4 / Math.Sqrt(Events), second = Math.PI * Math.PI / 12;
        Assert.Equal(0, radius / Events, error);
        Assert.Equal(1, radiusSquares / Events, Math.Sqrt(2) * error);
        Assert.Equal(0, angle / Events, Math.Sqrt(second) * error);
        Assert.Equal(second, angleSquares / Events, Math.Sqrt((Math.Pow(Math.PI, 4) / 80) - (second * second)) * error);

        // E log p = -1/2 - log(0.01 √2π) - log π - E log r, with E log r = log 0.1 - 0.005 - 3/4 × 0.1⁴ - ... for r = 0.1 (1 + 0.1 z).
        double expected = -0.5 - Math.Log(0.01 * Math.Sqrt(2 * Math.PI)) - Math.Log(Math.PI) - Math.Log(0.1) + 0.005 + 0.000078;
        Assert.Equal(expected, logLikelihood / Events, Math.Sqrt(0.52) * error);
    }

    [SharedDataTheory(Data)]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void LogLikelihood_ReferencePosterior_HasItsMoments(int observation)
    {
        string folder = $"{Data}/num_observation_{observation}";
        double[] x = SharedData.ReadCsv($"{folder}/observation.csv")[0];
        double[][] samples = SharedData.ReadCsv($"{folder}/reference_posterior_samples.csv.gz");

        // Posterior under the uniform prior on the square, by the midpoint rule; a cell is a tenth of the crescent's sd.
        const int Cells = 2_000;
        double weight = 0;
        double[] sums = new double[Features.Length], squares = new double[Features.Length];
        for (int i = 0; i < Cells; i++)
        {
            for (int j = 0; j < Cells; j++)
            {
                double[] theta = [(2 * (i + 0.5) / Cells) - 1, (2 * (j + 0.5) / Cells) - 1];
                double w = Math.Exp(Model.LogLikelihood(theta, x));
                if (w < 1e-12)
                {
                    continue;
                }

                weight += w;
                for (int k = 0; k < Features.Length; k++)
                {
                    double f = Features[k](theta, x);
                    sums[k] += w * f;
                    squares[k] += w * f * f;
                }
            }
        }

        // 30 comparisons in all at 4.5 standard errors of the 10,000 samples: one seed in 5,000.
        for (int k = 0; k < Features.Length; k++)
        {
            double mean = sums[k] / weight, sd = Math.Sqrt((squares[k] / weight) - (mean * mean));
            double reference = samples.Average(theta => Features[k](theta, x));
            Assert.True(Math.Abs(reference - mean) < 4.5 * sd / Math.Sqrt(samples.Length), $"feature {k}: {reference} for {mean} ± {sd}");
        }
    }

    [Fact]
    public void AnyCall_WrongLengthOrNaNParameter_Throws()
    {
        Assert.Throws<ArgumentException>(() => Model.Simulate(new double[1], new double[2], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Model.LogLikelihood(new double[2], new double[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Model.Simulate([0, double.NaN], new double[2], new Rng(1)));
        Assert.Equal(double.NaN, Model.LogLikelihood([0, 0], [double.NaN, 0]));
    }

    // The log-likelihood is among them: without the Jacobian its mean would be off by log(π 0.1), 160 standard errors.
    private static readonly Func<double[], double[], double>[] Features =
    [
        (theta, _) => theta[0],
        (theta, _) => theta[1],
        (theta, _) => theta[0] * theta[0],
        (theta, _) => theta[0] * theta[1],
        (theta, _) => Math.Abs(theta[0] + theta[1]),
        (theta, x) => Model.LogLikelihood(theta, x),
    ];
}
