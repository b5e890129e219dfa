using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Optimisation;

public sealed class GradientBufferTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Clip_AboveTheLimit_ScalesToItAndReturnsTheNormBefore(DType dtype)
    {
        GradientBuffer buffer = Buffer(dtype, 3, 4);

        Assert.Equal(5, buffer.Clip(1), 1e-6);
        Assert.Equal(1, buffer.Norm(), 1e-6);
        Assert.Equal(0.6, buffer.Values[0].ToArray()[0], 1e-6);
        Assert.Equal(1, buffer.Clip(2), 1e-6);
        Assert.Equal(1, buffer.Norm(), 1e-6);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Clip_OfANonFiniteGradient_ReportsItAndChangesNothing(double bad)
    {
        GradientBuffer buffer = Buffer(DType.Float32, 3, bad);

        Assert.False(double.IsFinite(buffer.Clip(1)));
        Assert.Equal(3, buffer.Values[0].ToArray()[0]);
    }

    [Fact]
    public void Norm_OfLargeFloat32_DoesNotOverflow() => Assert.Equal(5e30, Buffer(DType.Float32, 3e30, 4e30).Norm(), 1e25);

    [Fact]
    public void Norm_OfEveryLength_IsThatOfTheSum()
    {
        for (int length = 0; length < 70; length++)
        {
            Tensor values = Tensor.Range(length);
            var buffer = new GradientBuffer([new Parameter(values)]);
            buffer.Set([values]);
            buffer.Add([values]);

            // Σ (2i)² for i < n.
            Assert.Equal(Math.Sqrt(4.0 * (length - 1) * length * ((2 * length) - 1) / 6), buffer.Norm(), 1e-9);
        }
    }

    private static GradientBuffer Buffer(DType dtype, double a, double b)
    {
        Tensor[] values = [Tensor.From([a], new Shape(1), dtype), Tensor.From([b, 0], new Shape(1, 2), dtype)];
        var buffer = new GradientBuffer([.. values.Select(v => new Parameter(v))]);
        buffer.Set(values);
        return buffer;
    }
}
