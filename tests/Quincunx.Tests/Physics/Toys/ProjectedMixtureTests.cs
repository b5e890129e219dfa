using MathNet.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Physics.Toys;

public sealed class ProjectedMixtureTests
{
    private static readonly ProjectedMixture Model = new();
    private static readonly Matrix<double> Projection = Matrix<double>.Build.DenseOfRowMajor(5, 5, ProjectedMixture.Projection.ToArray());

    [Fact]
    public void Projection_IsSymmetricAndPositiveDefinite()
    {
        Assert.True(Projection.IsSymmetric());
        Assert.True(Projection.Evd().EigenValues.All(value => value.Real > 0));
    }

    [Fact]
    public void LogLikelihood_OfAProjection_IsTheDensityOfItsSource()
    {
        double[] z = [1.3, -2, 1.5, 0.4, 2.5], theta = [1, -1];
        double[] x = [.. Projection * Vector<double>.Build.Dense(z)];
        double first = Normal(0.3, 1), second = Normal(-1, 3), third = (0.5 * Normal(3.5, 1)) + (0.5 * Normal(-0.5, 0.5)), rest = 3 * Math.Exp(-1.2) * 0.5 * Math.Exp(-1.25);
        Assert.Equal(Math.Log(first * second * third * rest / Projection.Determinant()), Model.LogLikelihood(theta, x), 1e-10);
        Assert.Equal(double.NegativeInfinity, Model.LogLikelihood(theta, [.. Projection * Vector<double>.Build.Dense([1.3, -2, 1.5, -0.4, 2.5])]));

        static double Normal(double difference, double sd) => Math.Exp(-0.5 * difference * difference / (sd * sd)) / (sd * Math.Sqrt(2 * Math.PI));
    }

    [Fact]
    public void Simulate_ManyEvents_HaveTheirMeanAndCovariance()
    {
        const int Events = 20_000;
        double[] theta = [0.7, -0.4];
        Vector<double> mean = Projection * Vector<double>.Build.Dense([0.7, -0.4, 0, 1.0 / 3, 2]);

        // The mixture's variance: 4 of its means, and half of 1 and of 0.25.
        Matrix<double> covariance = Projection * Matrix<double>.Build.DenseOfDiagonalArray([1, 9, 4.625, 1.0 / 9, 4]) * Projection.Transpose();
        double[] x = new double[5], sums = new double[5], squares = new double[5], fourths = new double[5];
        for (int i = 0; i < Events; i++)
        {
            Model.Simulate(theta, x, new Rng(3).Split(i));
            for (int j = 0; j < 5; j++)
            {
                double difference = x[j] - mean[j];
                sums[j] += difference;
                squares[j] += difference * difference;
                fourths[j] += Math.Pow(difference, 4);
            }
        }

        for (int j = 0; j < 5; j++)
        {
            // 10 comparisons at 5 standard errors: one in 170,000.
            double variance = covariance[j, j], ofSquare = (fourths[j] / Events) - (variance * variance);
            Assert.Equal(0, sums[j] / Events, 5 * Math.Sqrt(variance / Events));
            Assert.Equal(variance, squares[j] / Events, 5 * Math.Sqrt(ofSquare / Events));
        }
    }

    [Fact]
    public void Simulate_WithBadInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => Model.Simulate([1], new double[5], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Model.Simulate([1, 2], new double[4], new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Model.Simulate([1, double.NaN], new double[5], new Rng(1)));
        Assert.Throws<ArgumentException>(() => Model.LogLikelihood([1, 2], [1]));
    }
}
