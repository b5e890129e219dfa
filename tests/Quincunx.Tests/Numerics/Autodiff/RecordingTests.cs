using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Autodiff;

public sealed class RecordingTests
{
    [Fact]
    public void Off_WhileOpen_RecordsNothing()
    {
        Tensor x = Tensor.Ones(new Shape(3)).Track();
        using (Recording.Off())
        {
            using (Recording.Off())
            {
                Assert.False((x * 2).IsTracked);
            }

            Assert.False(Tensor.Exp(x).IsTracked);
        }

        Assert.True(Tensor.Exp(x).IsTracked);
        Assert.False(Tensor.Exp(x.Detach()).IsTracked);
    }

    [Fact]
    public void HessianVector_OfQuadraticForm_IsTheMatrixTimesTheVector()
    {
        var rng = new Rng(2);
        Tensor a = Tensor.Uniform(-1, 1, rng.Split("a"), new Shape(4, 4), DType.Float64);
        Tensor x = Tensor.Uniform(-1, 1, rng.Split("x"), new Shape(4, 1), DType.Float64).Track();
        Tensor v = Tensor.Uniform(-1, 1, rng.Split("v"), new Shape(4, 1), DType.Float64);
        Tensor y = Tensor.MatMul(Tensor.MatMul(x, a, transposeA: true), x).Sum();

        double[] expected = Tensor.MatMul(a + a.Transpose(), v).ToArray();
        Assert.Equal(expected, Gradient.HessianVector(y, x, v).ToArray(), (p, q) => Math.Abs(p - q) < 1e-14);
        Assert.Equal([0.0, 0, 0, 0], Gradient.HessianVector((x * 3).Sum(), x, v).ToArray());
    }

    [Fact]
    public void VectorJacobian_OfVectorFunction_WeighsItsRows()
    {
        Tensor x = Tensor.From([1.0, 2, 3], new Shape(3)).Track(), unused = Tensor.Ones(new Shape(2), DType.Float64).Track();
        Tensor[] gradients = Gradient.VectorJacobian(Tensor.Square(x), Tensor.From([10, 1, 0.1], new Shape(3)), [x, unused, x]);

        Assert.Equal([20, 4, 0.6], gradients[0].ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([0.0, 0.0], gradients[1].ToArray());
        Assert.Equal(gradients[0].ToArray(), gradients[2].ToArray());
    }

    [Fact]
    public void Of_WithRespectToAnIntermediate_StopsThereAndGoesOn()
    {
        Tensor x = Tensor.Scalar(3, DType.Float64).Track();
        Tensor middle = x * x;
        Tensor[] gradients = Gradient.Of(middle * middle, [middle, x]);

        Assert.Equal([18.0, 108.0], [gradients[0].ToScalar(), gradients[1].ToScalar()]);
    }

    [Fact]
    public void Of_TanhThreeTimes_MatchesTheClosedForm()
    {
        Tensor x = Tensor.Scalar(0.3, DType.Float64).Track();
        Tensor first = Gradient.Of(Tensor.Tanh(x), x, differentiable: true);
        Tensor third = Gradient.Of(Gradient.Of(first, x, differentiable: true), x);

        double t = Math.Tanh(0.3), s = 1 - (t * t);
        Assert.Equal((4 * t * t * s) - (2 * s * s), third.ToScalar(), 1e-14);
    }

    // The penalty of a score or of a critic: d/dw of |∂f/∂x|² through a network.
    [Fact]
    public void Of_SquaredGradientNormOfMlp_MatchesCentralDifferences()
    {
        var rng = new Rng(4);
        Tensor Draw(string name, params int[] lengths) => Tensor.Uniform(-1, 1, rng.Split(name), new Shape(lengths), DType.Float64);
        Tensor x = Draw("x", 5, 3);
        GradientCheck.Outcome outcome = GradientCheck.Run(
            w =>
            {
                Tensor input = x.Track();
                Tensor hidden = Tensor.Silu(Tensor.Linear(input, w[0], w[1]));
                Tensor y = Tensor.Linear(Tensor.Tanh(Tensor.Linear(hidden, w[2], w[3])), w[4], null);
                return Tensor.Square(Gradient.Of(y.Sum(), input, differentiable: true)).Sum();
            },
            [Draw("w1", 6, 3), Draw("b1", 6), Draw("w2", 4, 6), Draw("b2", 4), Draw("w3", 1, 4)],
            rng);

        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-7, $"{outcome}");
    }

    [Fact]
    public void Of_LongChain_NeedsNoStack()
    {
        Tensor x = Tensor.Scalar(1, DType.Float64).Track();
        Tensor y = x;
        for (int i = 0; i < 200_000; i++)
        {
            y = y + 1;
        }

        Assert.Equal(1.0, Gradient.Of(y, x).ToScalar());
    }

    [Fact]
    public void Of_SharedLeavesAndRecordOnManyThreads_IsTheSameOnEach()
    {
        Tensor w = Tensor.Uniform(-1, 1, new Rng(6), new Shape(20, 20), DType.Float64).Track();
        Tensor shared = Tensor.Tanh(Tensor.MatMul(w, w));
        double[][] gradients = new double[8][];
        Parallel.For(0, gradients.Length, i =>
        {
            for (int repeat = 0; repeat < 20; repeat++)
            {
                using var scope = new TensorScope();
                gradients[i] = Gradient.Of(Tensor.MatMul(shared, w).Sum(), w).ToArray();
            }
        });

        Assert.All(gradients, g => Assert.Equal(gradients[0], g));
    }

    [Fact]
    public void Of_UntrackedOrWideArguments_Throws()
    {
        Tensor x = Tensor.Ones(new Shape(2)).Track();

        Assert.Throws<ArgumentException>(() => Gradient.Of(x.Sum(), x.Detach()));
        Assert.Contains("[2]", Assert.Throws<ShapeException>(() => Gradient.Of(x, x)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Gradient.VectorJacobian(x, Tensor.Ones(new Shape(3)), [x]));
    }
}
