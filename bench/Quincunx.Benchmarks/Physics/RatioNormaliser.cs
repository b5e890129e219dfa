using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Physics;

/// <summary>The mean of a learned likelihood ratio over simulations at the reference, as a function of theta: 1 for the exact ratio. Divided by it, a learned ratio makes densities.</summary>
/// <remarks>Its logarithm is small and smooth: a polynomial of the sixth order through points from the prior.</remarks>
internal sealed class RatioNormaliser
{
    private const int Order = 6, Points = 250;
    private readonly (int I, int J)[] _powers = [.. Enumerable.Range(0, Order + 1).SelectMany(i => Enumerable.Range(0, Order + 1 - i).Select(j => (i, j)))];
    private readonly double[] _centre, _half;
    private readonly Vector<double> _coefficients;

    private RatioNormaliser(double[] thetas, double[] logs)
    {
        (double[] least, double[] most) = ([Column(0).Min(), Column(1).Min()], [Column(0).Max(), Column(1).Max()]);
        (_centre, _half) = ([.. least.Zip(most, (a, b) => 0.5 * (a + b))], [.. least.Zip(most, (a, b) => 0.5 * (b - a))]);
        Matrix<double> terms = Matrix<double>.Build.Dense(logs.Length, _powers.Length, (n, t) => Term(thetas.AsSpan(2 * n, 2), _powers[t].I, _powers[t].J));
        Vector<double> values = Vector<double>.Build.Dense(logs);
        _coefficients = terms.QR().Solve(values);
        Residual = ((terms * _coefficients) - values).L2Norm() / Math.Sqrt(logs.Length);

        IEnumerable<double> Column(int j) => thetas.Where((_, i) => i % 2 == j);
    }

    /// <summary>Root mean square of what the polynomial leaves.</summary>
    public double Residual { get; }

    public static RatioNormaliser Fit(NeuralRatio ratio, double[] references, double[] reference, IDistribution prior, Rng rng)
    {
        int n = references.Length / 2;
        double[] thetas = new double[2 * Points], logs = new double[Points], at = new double[n], from = new double[n];
        for (int p = 0; p < Points; p++)
        {
            prior.Sample(thetas.AsSpan(2 * p, 2), rng.Split(p));
        }

        ratio.LogLikelihoodPairs([.. Enumerable.Range(0, 2 * n).Select(i => reference[i % 2])], references, from);
        for (int p = 0; p < Points; p++)
        {
            ratio.LogLikelihoodPairs([.. Enumerable.Range(0, 2 * n).Select(i => thetas[(2 * p) + (i % 2)])], references, at);
            logs[p] = Math.Log(at.Zip(from, (a, b) => Math.Exp(a - b)).Average());
        }

        return new RatioNormaliser(thetas, logs);
    }

    /// <summary>Log of the mean, and its slope.</summary>
    public (double Value, double[] Gradient) Log(double[] theta)
    {
        double value = 0;
        double[] gradient = new double[2];
        for (int t = 0; t < _powers.Length; t++)
        {
            (int i, int j) = _powers[t];
            value += _coefficients[t] * Term(theta, i, j);
            gradient[0] += i == 0 ? 0 : _coefficients[t] * i * Term(theta, i - 1, j) / _half[0];
            gradient[1] += j == 0 ? 0 : _coefficients[t] * j * Term(theta, i, j - 1) / _half[1];
        }

        return (value, gradient);
    }

    private double Term(ReadOnlySpan<double> theta, int i, int j) => Math.Pow((theta[0] - _centre[0]) / _half[0], i) * Math.Pow((theta[1] - _centre[1]) / _half[1], j);
}
