using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class InitialiserTests
{
    [Theory]
    [InlineData(Initialiser.LeCunUniform, 1.0 / 300, true)]
    [InlineData(Initialiser.HeUniform, 2.0 / 300, true)]
    [InlineData(Initialiser.HeNormal, 2.0 / 300, false)]
    [InlineData(Initialiser.GlorotUniform, 2.0 / 400, true)]
    [InlineData(Initialiser.GlorotNormal, 2.0 / 400, false)]
    public void Draw_OfIndependentWeights_HasTheStatedMoments(Initialiser initialiser, double variance, bool uniform)
    {
        const int Count = 100 * 300;
        double[] w = initialiser.Draw(100, 300, new Rng(1), DType.Float64).ToArray();

        // Standard errors: mean σ/√n; variance σ² √((κ - 1)/n) with kurtosis κ = 9/5 (uniform) or 3. Five of them: 6e-7.
        double kurtosis = uniform ? 1.8 : 3;
        Assert.Equal(0, w.Average(), 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, w.Average(v => v * v), 5 * variance * Math.Sqrt((kurtosis - 1) / Count));
        Assert.Equal(uniform, w.Max(Math.Abs) <= Math.Sqrt(3 * variance));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(4, 9)]
    [InlineData(9, 4)]
    [InlineData(60, 60)]
    public void Draw_Orthogonal_HasOrthonormalRowsOrColumns(int outputs, int inputs)
    {
        Tensor w = Initialiser.Orthogonal.Draw(outputs, inputs, new Rng(2), DType.Float64);
        double[] product = (outputs <= inputs ? Tensor.MatMul(w, w, transposeB: true) : Tensor.MatMul(w, w, transposeA: true)).ToArray();

        Assert.Equal(Tensor.Eye(Math.Min(outputs, inputs), DType.Float64).ToArray(), product, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void Draw_Orthogonal_IsHaarDistributed()
    {
        // Under Haar measure on O(n) the trace of Q has mean 0 and variance 1, that of Q² mean 1 and variance 2 (n ≥ 4; Diaconis and
        // Shahshahani 1994, J. Appl. Probab. 31A, 49), and a fixed entry squared has mean 1/n and fourth moment 3 / (n (n + 2)).
        // A QR whose signs are not corrected fails the first: its diagonal entries have one sign.
        const int Size = 6, Draws = 4000;
        double[] trace = new double[Draws], square = new double[Draws], corner = new double[Draws], positive = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            Matrix<double> q = Matrix<double>.Build.DenseOfRowMajor(
                Size, Size, Initialiser.Orthogonal.Draw(Size, Size, new Rng(3).Split(i), DType.Float64).ToArray());
            (trace[i], square[i], corner[i]) = (q.Trace(), (q * q).Trace(), q[Size - 1, Size - 1]);
            positive[i] = q.Determinant() > 0 ? 1 : 0;
        }

        // Each mean within 4 of its standard errors, fourth moments of the traces as of normals: false alarm 6e-5 each.
        const double Fourth = 3.0 / (Size * (Size + 2));
        Assert.Equal(0, trace.Average(), 4 * Math.Sqrt(1.0 / Draws));
        Assert.Equal(1, trace.Average(t => t * t), 4 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(1, square.Average(), 4 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(2, square.Average(t => (t - 1) * (t - 1)), 4 * Math.Sqrt(8.0 / Draws));
        Assert.Equal(0, corner.Average(), 4 * Math.Sqrt(1.0 / Size / Draws));
        Assert.Equal(1.0 / Size, corner.Average(c => c * c), 4 * Math.Sqrt((Fourth - (1.0 / Size / Size)) / Draws));
        // Var c⁴ ≤ E c⁸ = 105 / (n (n + 2) (n + 4) (n + 6)).
        Assert.Equal(Fourth, corner.Average(c => c * c * c * c), 4 * Math.Sqrt(105.0 / (Size * (Size + 2) * (Size + 4) * (Size + 6)) / Draws));
        Assert.Equal(0.5, positive.Average(), 4 * Math.Sqrt(0.25 / Draws));
    }

    [Fact]
    public void Draw_OfBadArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Initialiser.HeNormal.Draw(0, 3, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Initialiser)77).Draw(2, 3, new Rng(1)));
        Assert.All(Initialiser.Zeros.Draw(2, 3, new Rng(1)).ToArray(), w => Assert.Equal(0, w));
    }
}
