using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

/// <summary>Linear maps that stay in a group whatever their weights: orthogonal and symplectic ones.</summary>
public sealed class LinearGroupTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void Matrix_OfScatteredOrthogonalMap_IsOrthogonal(int dimension)
    {
        var map = new OrthogonalLinear(dimension, new Rng(1), DType.Float64);
        double sign = Tensor.Determinant(map.Matrix()).ToScalar();
        BijectionCases.Scatter(map, new Rng(2), size: 1);
        Tensor q = map.Matrix();

        AssertClose(Tensor.Eye(dimension, DType.Float64), Tensor.MatMul(q, q, transposeA: true), 1e-12);
        Assert.Equal(sign, Tensor.Determinant(q).ToScalar(), 1e-12);
        Assert.Equal(1, Math.Abs(sign), 1e-12);
    }

    [Fact]
    public void Matrix_OfNewOrthogonalMaps_HasTheMomentsOfHaarMeasure()
    {
        // On O(n): E q² = 1/n, E q⁴ = 3 / (n (n + 2)); two entries of a row: E a² b² = 1 / (n (n + 2)); of different rows and columns:
        // E a² b² = (n + 1) / (n (n - 1) (n + 2)); corners of a rectangle a b / c d: E a b c d = -1 / (n (n - 1) (n + 2)) (Collins and Śniady 2006, arXiv:math-ph/0402073).
        // The last ones tell Haar measure from independent rows that were merely normalised.
        const int Size = 4, Draws = 20_000;
        double n = Size;
        var products = new double[5][];
        for (int k = 0; k < products.Length; k++)
        {
            products[k] = new double[Draws];
        }

        for (int i = 0; i < Draws; i++)
        {
            double[] q = new OrthogonalLinear(Size, new Rng(3).Split(i), DType.Float64).Matrix().ToArray();
            double a = q[0], b = q[2], c = q[8], d = q[10];
            (products[0][i], products[1][i], products[2][i], products[3][i], products[4][i]) = (a * a, a * a * a * a, a * a * b * b, a * a * d * d, a * b * c * d);
        }

        double[] exact = [1 / n, 3 / (n * (n + 2)), 1 / (n * (n + 2)), (n + 1) / (n * (n - 1) * (n + 2)), -1 / (n * (n - 1) * (n + 2))];
        for (int k = 0; k < exact.Length; k++)
        {
            // 4 of its own standard errors: one seed in 16,000 fails one of them by chance.
            double mean = products[k].Average(), error = Math.Sqrt(products[k].Average(v => (v - mean) * (v - mean)) / Draws);
            Assert.Equal(exact[k], mean, 4 * error);
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 5)]
    [InlineData(6, 5)]
    [InlineData(20, 8)]
    public void Matrix_OfScatteredSymplecticMap_IsSymplectic(int dimension, int shears)
    {
        var map = new SymplecticLinear(dimension, shears, DType.Float64);
        AssertClose(Tensor.Eye(dimension, DType.Float64), map.Matrix(), 0);
        BijectionCases.Scatter(map, new Rng(4), size: 0.5 / Math.Sqrt(dimension));
        Tensor m = map.Matrix(), j = Form(dimension / 2);

        AssertClose(j, Tensor.MatMul(m, Tensor.MatMul(j, m), transposeA: true), 1e-10);
        Assert.Equal(1, Tensor.Determinant(m).ToScalar(), 1e-10);
        Assert.True((m - Tensor.Eye(dimension, DType.Float64)).ToArray().Max(Math.Abs) > 0.1);
    }

    [Fact]
    public void SymplecticMap_LearnsAMatrixThatIsNoExponential()
    {
        // diag(-2, -1/2) has no real logarithm: its negative eigenvalues are no pair. And a turn of phase space by 1 radian.
        (double sin, double cos) = Math.SinCos(1.0);
        foreach (double[] target in new double[][] { [-2, 0, 0, -0.5], [cos, sin, -sin, cos] })
        {
            var map = new SymplecticLinear(2, dtype: DType.Float64);
            BijectionCases.Scatter(map, new Rng(5));
            Parameter shears = ParameterTree.Of(map).Trained[0];
            Tensor wanted = Tensor.From(target, new Shape(2, 2));
            LbfgsResult result = new Lbfgs().Minimise(
                point =>
                {
                    shears.Assign(point);
                    Tensor loss = Tensor.Square(map.Matrix() - wanted).Sum();
                    return (loss.ToScalar(), Gradient.Of(loss, shears.Value).ToArray());
                },
                shears.Value.ToArray());
            shears.Assign(result.X);
            AssertClose(wanted, map.Matrix(), 1e-6);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_WithItsGradient_CanBeReplayed(bool orthogonal)
    {
        IBijection map = orthogonal ? new OrthogonalLinear(4, new Rng(6), DType.Float64) : new SymplecticLinear(4, dtype: DType.Float64);
        Parameter weights = ParameterTree.Of(map).Trained[0];
        var x = new Parameter(Tensor.Uniform(-1, 1, new Rng(7), new Shape(4, 9), DType.Float64), isTrained: false);
        Replay? replay = Replay.Record(Compute, out string? obstacle);
        Assert.True(replay is not null, obstacle);

        BijectionCases.Scatter(map, new Rng(8));
        x.Assign(x.Value * 1.5);
        replay.Run();
        Assert.All(Compute().Zip(replay.Outputs), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));

        IReadOnlyList<Tensor> Compute()
        {
            Tensor y = map.Forward(x.Value, null).Value;
            return [y, Gradient.Of((Tensor.Square(y) * y).Sum(), weights.Value)];
        }
    }

    [Fact]
    public void SymplecticLinear_OfOddDimension_IsRefused()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => new SymplecticLinear(3));
        Assert.Contains("got dimension 3", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SymplecticLinear(4, shears: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrthogonalLinear(0, new Rng(1)));
        Assert.Throws<ShapeException>(() => new SymplecticLinear(4).Forward(Tensor.Zeros(new Shape(3, 2)), null));
    }

    // J = [0 1; -1 0] in blocks.
    private static Tensor Form(int half)
    {
        Tensor one = Tensor.Eye(half, DType.Float64), zero = Tensor.Zeros(one.Shape, DType.Float64);
        return Tensor.Concat([Tensor.Concat([zero, one], axis: 1), Tensor.Concat([-one, zero], axis: 1)]);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.True((expected - actual).ToArray().Max(Math.Abs) <= tolerance, $"off by {(expected - actual).ToArray().Max(Math.Abs)}");
}
