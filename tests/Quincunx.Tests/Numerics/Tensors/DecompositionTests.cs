using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>What the table of operations cannot show: all sizes, clusters, rank deficiency, scales, numbers that are not finite.</summary>
public sealed class DecompositionTests
{
    public static TheoryData<string> Kinds => ["random", "zero", "equal", "rank 1", "tiny", "huge", "graded"];

    [Theory, MemberData(nameof(Kinds))]
    public void SymmetricEigen_EverySize_RebuildsTheMatrix(string kind)
    {
        for (int n = 1; n <= 33; n++)
        {
            Tensor x = Of(kind, n, n), a = (x + x.MatrixTranspose()) * 0.5;
            (Tensor w, Tensor v) = Tensor.SymmetricEigen(a);

            AssertZero(Tensor.MatMul(v, v, transposeA: true) - Eye(n), 1e-14 * (4 + n), $"{kind} {n}");
            AssertZero(Tensor.MatMul(v * w.ExpandAxis(-2), v, transposeB: true) - a, 1e-14 * n * Size(a), $"{kind} {n}");
            Assert.Equal(w.ToArray().Order(), w.ToArray());
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Svd_EverySize_RebuildsTheMatrix(string kind)
    {
        foreach ((int m, int n) in Sizes)
        {
            Tensor a = Of(kind, m, n);
            (Tensor u, Tensor s, Tensor vt) = Tensor.Svd(a);

            AssertZero(Tensor.MatMul(u, u, transposeA: true) - Eye(Math.Min(m, n)), 1e-14 * (4 + m), $"{kind} {m} {n}");
            AssertZero(Tensor.MatMul(vt, vt, transposeB: true) - Eye(Math.Min(m, n)), 1e-14 * (4 + n), $"{kind} {m} {n}");
            AssertZero(Tensor.MatMul(u * s.ExpandAxis(-2), vt) - a, 1e-14 * (m + n) * Size(a), $"{kind} {m} {n}");
            Assert.Equal(s.ToArray().OrderDescending(), s.ToArray());
            Assert.All(s.ToArray(), value => Assert.True(value >= 0));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Qr_EverySize_RebuildsTheMatrix(string kind)
    {
        foreach ((int m, int n) in Sizes)
        {
            Tensor a = Of(kind, m, n);
            (Tensor q, Tensor r) = Tensor.Qr(a);

            AssertZero(Tensor.MatMul(q, q, transposeA: true) - Eye(Math.Min(m, n)), 1e-14 * (4 + m), $"{kind} {m} {n}");
            AssertZero(Tensor.MatMul(q, r) - a, 1e-14 * (m + n) * Size(a), $"{kind} {m} {n}");
            AssertZero(r.Tril(-1), 0, $"{kind} {m} {n}");
            Assert.All(r.Diagonal().ToArray(), value => Assert.True(value >= 0));
        }
    }

    // A graded matrix: Jacobi rotations find even the smallest singular values to nearly all digits (Demmel and Veselić 1992).
    [Fact]
    public void Svd_OfScaledColumns_KeepsRelativeAccuracy()
    {
        Tensor q = Tensor.Qr(Of("random", 6, 4)).Q;
        double[] scales = [1, 1e-5, 1e-10, 1e-15];
        Tensor s = Tensor.Svd(q * Tensor.From(scales, new Shape(4))).Values;

        Assert.All(s.ToArray().Zip(scales), pair => Assert.Equal(1, pair.First / pair.Second, 1e-14));
    }

    // Σ log and Σ of squares treat equal values alike, so their derivatives exist.
    [Fact]
    public void Gradient_OfSymmetricFunctionsOfEqualValues_Exists()
    {
        Tensor a = (2 * Eye(3)).Track();

        AssertZero(Gradient.Of(Tensor.Log(Tensor.SymmetricEigen(a).Values).Sum(), a) - (0.5 * Eye(3)), 1e-15, "eigenvalues");
        AssertZero(Gradient.Of(Tensor.Log(Tensor.Svd(a).Values).Sum(), a) - (0.5 * Eye(3)), 1e-15, "singular values");
        Assert.Contains(Gradient.Of(Tensor.SymmetricEigen(a).Vectors.Sum(), a).ToArray(), double.IsNaN);
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Decompositions_OfNumbersThatAreNotFinite_AreNan(double bad)
    {
        Tensor a = Tensor.From([1, bad, bad, 2, 1, 0, 0, 2], new Shape(2, 2, 2));
        (Tensor w, Tensor v) = Tensor.SymmetricEigen(a);
        (Tensor u, Tensor s, Tensor vt) = Tensor.Svd(a);

        Assert.Equal([double.NaN, double.NaN, 1, 2], w.ToArray());
        Assert.Equal([double.NaN, double.NaN, 2, 1], s.ToArray());
        foreach (Tensor vectors in new[] { v, u, vt })
        {
            Assert.All(vectors.ToArray()[..4], x => Assert.True(double.IsNaN(x)));
            Assert.All(vectors.ToArray()[4..], x => Assert.True(double.IsFinite(x)));
        }
    }

    [Fact]
    public void Solve_OfSingularMatrix_IsNotFinite_AndItsDeterminantIsZero()
    {
        Tensor a = Tensor.From([1, 2, 2, 4], new Shape(2, 2));
        (Tensor sign, Tensor log) = Tensor.LogDeterminant(a);

        Assert.All(Tensor.Solve(a, Tensor.From([1, 3], new Shape(2, 1))).ToArray(), x => Assert.False(double.IsFinite(x)));
        Assert.Equal([0, 0, double.NegativeInfinity], [Tensor.Determinant(a).ToScalar(), sign.ToScalar(), log.ToScalar()]);
        Assert.True(double.IsNaN(Tensor.LogDeterminant(a * double.NaN).Sign.ToScalar()));
    }

    // A generator of rotations, a nilpotent matrix, a large diagonal, and one far from normal (Moler and Van Loan 2003, example 2).
    [Fact]
    public void MatrixExponential_OfKnownMatrices_IsExact()
    {
        AssertZero(Tensor.MatrixExponential(Square(0, -30, 30, 0)) - Square(Math.Cos(30), -Math.Sin(30), Math.Sin(30), Math.Cos(30)), 1e-14, "rotation");
        AssertZero(Tensor.MatrixExponential(Square(0, 1e6, 0, 0)) - Square(1, 1e6, 0, 1), 0, "nilpotent");
        AssertZero((Tensor.MatrixExponential(Square(-700, 0, 0, 700)) / Square(Math.Exp(-700), 1, 1, Math.Exp(700))) - Eye(2), 2e-13, "diagonal");
        AssertZero(
            Tensor.MatrixExponential(Square(-49, 24, -64, 31))
            - Square((3 * Math.Exp(-17)) - (2 * Math.Exp(-1)), 1.5 * (Math.Exp(-1) - Math.Exp(-17)), 4 * (Math.Exp(-17) - Math.Exp(-1)), (3 * Math.Exp(-1)) - (2 * Math.Exp(-17))),
            1e-13,
            "not normal");
        Assert.All(Tensor.MatrixExponential(Square(1, double.NaN, 0, 1)).ToArray(), x => Assert.True(double.IsNaN(x)));
        Assert.Equal(0, Tensor.MatrixExponential(Tensor.Zeros(new Shape(3, 0, 0), DType.Float64)).Count);
    }

    // The gradient's scale must not matter: it is divided out before the squarings are chosen.
    [Fact]
    public void Gradient_OfMatrixExponential_IsLinearInTheSlope()
    {
        Tensor a = Of("random", 4, 4).Track(), slope = Of("random", 4, 4), y = Tensor.MatrixExponential(a);
        Tensor one = Gradient.VectorJacobian(y, slope, [a])[0], large = Gradient.VectorJacobian(y, slope * 1e30, [a])[0];

        AssertZero((large * 1e-30) - one, 1e-13, "scaled");
        AssertZero(Gradient.VectorJacobian(y, slope * 0, [a])[0], 0, "zero");
    }

    private static Tensor Square(double a, double b, double c, double d) => Tensor.From([a, b, c, d], new Shape(2, 2));

    private static IEnumerable<(int M, int N)> Sizes => from m in new[] { 1, 2, 3, 5, 8, 17, 33 } from n in new[] { 1, 2, 3, 7, 16, 34 } select (m, n);

    private static Tensor Eye(int n) => Tensor.Eye(n, DType.Float64);

    private static Tensor Of(string kind, int m, int n)
    {
        Tensor x = Tensor.Normal(0, 1, new Rng(3).Split(m).Split(n), new Shape(m, n), DType.Float64);
        return kind switch
        {
            "zero" => x * 0,
            "equal" => Tensor.Eye(Math.Max(m, n), DType.Float64).Slice(0, 0, m).Slice(1, 0, n),
            "rank 1" => Tensor.MatMul(x.Slice(1, 0, 1), x.Slice(0, 0, 1)),
            "tiny" => x * 1e-200,
            "huge" => x * 1e150,
            "graded" => x * Tensor.Exp(-2 * Tensor.Range(n, DType.Float64)),
            _ => x,
        };
    }

    private static double Size(Tensor a) => Math.Max(Tensor.Abs(a).Max().ToScalar(), double.Epsilon);

    private static void AssertZero(Tensor x, double tolerance, string what) =>
        Assert.All(x.ToArray(), value => Assert.True(Math.Abs(value) <= tolerance, $"{what}: {value:R} beyond {tolerance:R}"));
}
