using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Gold;

/// <summary>A hidden normal and two sums with it: z ~ N(a, 1), x₀ ~ N(z, 1), x₁ ~ N(z + b, 2). So x is normal with mean (a, a + b) and covariance ((2, 1), (1, 5)).</summary>
internal sealed class TwoSums : IMechanism
{
    private static readonly Matrix<double> Precision = Matrix<double>.Build.DenseOfArray(new double[,] { { 2, 1 }, { 1, 5 } }).Inverse();
    private static readonly Matrix<double> Slope = Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 0 }, { 1, 1 } });

    public IReadOnlyList<string> ParameterNames { get; } = ["a", "b"];

    public IReadOnlyList<string> OutputNames { get; } = ["x0", "x1"];

    /// <summary>The Fisher information, the same everywhere.</summary>
    public static Matrix<double> Information => Slope.TransposeThisAndMultiply(Precision * Slope);

    public static double[] Score(double[] theta, double[] x) =>
        [.. Slope.TransposeThisAndMultiply(Precision * Vector<double>.Build.Dense([x[0] - theta[0], x[1] - theta[0] - theta[1]]))];

    public static double LogRatio(double[] theta, double[] other, double[] x) => LogProb(theta, x) - LogProb(other, x);

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, System.Numerics.IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        TReal z = trace.Draw(new Site("z"), Law.Normal(theta[0], TReal.One));
        x[0] = trace.Draw(Site.Output(0), Law.Normal(z, TReal.One));
        x[1] = trace.Draw(Site.Output(1), Law.Normal(z + theta[1], TReal.CreateTruncating(2)));
    }

    private static double LogProb(double[] theta, double[] x)
    {
        var off = Vector<double>.Build.Dense([x[0] - theta[0], x[1] - theta[0] - theta[1]]);
        return -0.5 * (off * Precision * off);
    }
}
