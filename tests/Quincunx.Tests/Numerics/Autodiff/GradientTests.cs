using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Autodiff;

public sealed class GradientTests
{
    [Fact]
    public void Run_SmallNetwork_MatchesCentralDifferences()
    {
        var rng = new Rng(3);
        Tensor x = Tensor.Uniform(-1, 1, rng.Split("x"), new Shape(5, 3), DType.Float64);
        Tensor w = Tensor.Uniform(-1, 1, rng.Split("w"), new Shape(4, 3), DType.Float64);
        Tensor b = Tensor.Uniform(-1, 1, rng.Split("b"), new Shape(4), DType.Float64);
        GradientCheck.Outcome outcome = GradientCheck.Run(
            t => Tensor.Log(1 + Tensor.Exp(Tensor.MatMul(t[0], t[1], transposeB: true) + t[2])) / (2 - t[2]), [x, w, b], rng);

        Assert.True(outcome.First < 1e-8 && outcome.Second < 1e-8, $"{outcome}");
    }

    // On a thread of its own, where no tables have grown yet.
    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1000)]
    public async Task VectorJacobian_OfManyTensors_ReachesEach(int count)
    {
        double[][] gradients = await Task.Factory.StartNew(
            () =>
            {
                Tensor[] xs = [.. Enumerable.Range(0, count).Select(i => Tensor.Scalar(i, DType.Float64).Track())];
                Tensor sum = Tensor.Scalar(0, DType.Float64);
                foreach (Tensor x in xs)
                {
                    sum += x * x;
                }

                return (double[][])[.. Gradient.VectorJacobian(sum, Tensor.Scalar(1, DType.Float64), xs).Select(g => g.ToArray())];
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal(count, gradients.Length);
        Assert.All(gradients.Select((g, i) => (g, i)), pair => Assert.Equal([2.0 * pair.i], pair.g));
    }

    [Fact]
    public void Of_ThirdDerivativeOfCube_IsSix()
    {
        Tensor x = Tensor.Scalar(2, DType.Float64).Track();
        Tensor first = Gradient.Of(x * x * x, x, differentiable: true);
        Tensor second = Gradient.Of(first, x, differentiable: true);
        Tensor third = Gradient.Of(second, x);

        Assert.Equal([12.0, 12.0, 6.0], [first.ToScalar(), second.ToScalar(), third.ToScalar()]);
    }

    [Fact]
    public void Dispose_AfterManyOperations_ReturnsEveryBufferButTheKept()
    {
        int before = TensorScope.OutstandingBuffers;
        Tensor kept;
        Tensor lost;
        using (var scope = new TensorScope())
        {
            Tensor x = Tensor.Ones(new Shape(100, 7)).Track();
            lost = (x * x + x).Sum();
            kept = scope.Keep(Gradient.Of(lost, x));
        }

        Assert.Equal(before, TensorScope.OutstandingBuffers);
        Assert.Equal(3.0, kept.ToArray()[0]);
        Assert.Throws<ObjectDisposedException>(() => lost.ToScalar());
    }
}
