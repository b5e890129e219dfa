using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public sealed class AttentionTests
{
    // So many keys that the queries are taken in several blocks, the last of them ragged, and so much work that threads share it.
    [Theory]
    [InlineData(1, 1100, 37)]
    [InlineData(6, 300, 130)]
    public void Attention_OfSeveralBlocksAndThreads_IsTheComposition(int batch, int keys, int queries)
    {
        var rng = new Rng(3);
        Tensor q = Draw(rng.Split(0), batch, 2, queries, 5), k = Draw(rng.Split(1), batch, 2, keys, 5), v = Draw(rng.Split(2), batch, 2, keys, 4);
        Tensor bias = Draw(rng.Split(3), queries, keys), mask = Tensor.Greater(Draw(rng.Split(4), batch, 1, 1, keys), 0), w = Draw(rng.Split(5), batch, 2, queries, 4);
        Tensor scores = (Tensor.MatMul(q, k, transposeB: true) / Math.Sqrt(5)) + bias;
        Tensor composed = Tensor.MatMul(Tensor.Softmax(Tensor.Where(mask, scores, double.NegativeInfinity)), v);
        Tensor fused = Tensor.Attention(q, k, v, mask, bias);

        AssertClose(composed, fused);
        Tensor[] expected = Gradient.Of((composed * w).Sum(), [q, k, v, bias]), actual = Gradient.Of((fused * w).Sum(), [q, k, v, bias]);
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second));
    }

    [Fact]
    public void Attention_OfNoVisibleKey_IsZeroAndSoIsItsGradient()
    {
        Tensor q = Draw(new Rng(1), 1, 1, 2, 3), k = Draw(new Rng(2), 1, 1, 4, 3), v = Draw(new Rng(3), 1, 1, 4, 3);
        Tensor y = Tensor.Attention(q, k, v, Tensor.Zeros(new Shape(4), DType.Float64));

        Assert.All(y.ToArray(), value => Assert.Equal(0, value));
        Assert.All(Gradient.Of(y.Sum(), [q, k, v]), g => Assert.All(g.ToArray(), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Attention_OfNanInAQuery_IsNanInItsRowAlone()
    {
        Tensor q = Tensor.From([double.NaN, 0, 1, 2], new Shape(1, 1, 2, 2)), k = Draw(new Rng(2), 1, 1, 3, 2), v = Draw(new Rng(3), 1, 1, 3, 2);
        double[] y = Tensor.Attention(q, k, v).ToArray();

        Assert.All(y[..2], value => Assert.True(double.IsNaN(value)));
        Assert.All(y[2..], value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Attention_OfWrongMaskOrType_ThrowsAndShowsThem()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 1, 3, 4)), rows = x.Reshape(2, 3, 4);

        string message = Assert.Throws<ShapeException>(() => Tensor.Attention(x, x, x, Tensor.Ones(new Shape(4)))).Message;
        Assert.Contains("[2, 1, 3, 3]", message, StringComparison.Ordinal);
        Assert.Contains("[4]", message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Tensor.Attention(x, x, x, bias: Tensor.Ones(new Shape(3, 2, 1, 3, 3))));
        Assert.Throws<ShapeException>(() => Tensor.Attention(x, x, Tensor.Zeros(new Shape(2, 1, 4, 4))));
        Assert.ThrowsAny<ArgumentException>(() => Tensor.Attention(x, x, x, Tensor.Ones(new Shape(3), DType.Float64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.MultiHeadAttention(rows, rows, rows, 0));
    }

    private static Tensor Draw(Rng rng, params int[] lengths) => Tensor.Uniform(-1, 1, rng, new Shape(lengths), DType.Float64).Track();

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray(), actual.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }
}
