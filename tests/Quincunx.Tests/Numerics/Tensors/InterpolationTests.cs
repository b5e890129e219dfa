using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public sealed class InterpolationTests
{
    private const double Nan = double.NaN, Inf = double.PositiveInfinity;

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Interpolate_AtEntriesAndBeyond_GivesEntriesAndEnds(DType dtype)
    {
        Tensor table = Tensor.From([1, 2, 4], new Shape(3), dtype);
        Tensor positions = Tensor.From([-Inf, -1, 0, 1, 2, 3, Inf, Nan], new Shape(8), dtype);

        Assert.Equal([1, 1, 1, 2, 4, 4, 4, Nan], table.Interpolate(0, positions).ToArray());
        Assert.Equal([Nan, 4, 1, 2, 4, 1, Nan, Nan], table.Interpolate(0, positions, TableEnds.Periodic).ToArray());
    }

    [Fact]
    public void Interpolate_AtEntries_HasTheSlopeOfTheNextInterval()
    {
        Tensor table = Tensor.From([1, 2, 4], new Shape(3)), positions = Tensor.From([-1, 0, 1, 2, 3], new Shape(5)).Track();

        Assert.Equal([0, 1, 2, 2, 0], Gradient.Of(table.Interpolate(0, positions).Sum(), [positions])[0].ToArray());
        Assert.Equal([-3, 1, 2, -3, 1], Gradient.Of(table.Interpolate(0, positions, TableEnds.Periodic).Sum(), [positions])[0].ToArray());
    }

    // Far from the origin the position itself is coarse; it must not leave the table.
    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Interpolate_FarOutOrJustBelowZero_StaysInThePeriodicTable(DType dtype)
    {
        Tensor table = Tensor.From([1, 2, 4], new Shape(3), dtype);
        Tensor positions = Tensor.From([-1e-30, 1e30, -1e30, 3e9, -3e9, 1e15], new Shape(6), dtype);

        Assert.All(table.Interpolate(0, positions, TableEnds.Periodic).ToArray(), v => Assert.InRange(v, 1, 4));
    }
}
