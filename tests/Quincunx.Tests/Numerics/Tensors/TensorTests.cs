using System.Reflection;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>What single rows of the table of operations do not say.</summary>
public sealed class TensorTests
{
    // Not operations on values, or made of others and tested below.
    private static readonly string[] NotInTable =
        ["Zeros", "Ones", "Full", "Scalar", "From", "Uniform", "Normal", "Linspace", "Range", "Eye", "Track", "Detach", "ArgMax", "ArgMin", "ArgSort", "OneHot"];

    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["op_Addition"] = "Add",
        ["op_Subtraction"] = "Subtract",
        ["op_Multiply"] = "Multiply",
        ["op_Division"] = "Divide",
        ["op_UnaryNegation"] = "Negate",
    };

    [Fact]
    public void Table_OfOperations_HasARowForEachPublicOne()
    {
        HashSet<string> rows = [.. OpCases.All.Select(c => c.Name.Split(':')[0])];
        IEnumerable<string> names = typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == typeof(Tensor) || m.ReturnType == typeof(Tensor[]) || m.ReturnType == typeof(Indices))
            .Select(m => Operators.GetValueOrDefault(m.Name, m.Name));

        Assert.Empty(names.Distinct(StringComparer.Ordinal).Except(rows, StringComparer.Ordinal).Except(NotInTable, StringComparer.Ordinal));
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Reductions_OverNanAndInfinity_FollowIeee(DType dtype)
    {
        const double Nan = double.NaN, Inf = double.PositiveInfinity;
        Tensor x = Tensor.From([1, Nan, 2, 1, Inf, 2, 1, -Inf, 2, Inf, -Inf, 0, -Inf, -Inf, -Inf], new Shape(5, 3), dtype);

        Assert.Equal([Nan, Inf, -Inf, Nan, -Inf], x.Sum(-1).ToArray());
        Assert.Equal([Nan, Inf, -Inf, Nan, -Inf], x.Mean(-1).ToArray());
        Assert.Equal([Nan, Nan, Nan, Nan, Nan], x.Variance(-1).ToArray());
        Assert.Equal([Nan, Inf, 2, Inf, -Inf], x.Max(-1).ToArray());
        Assert.Equal([Nan, 1, -Inf, -Inf, -Inf], x.Min(-1).ToArray());
        double two = dtype == DType.Float32 ? (float)(2 + Math.Log(1 + Math.Exp(-1))) : 2 + Math.Log(1 + Math.Exp(-1));
        Assert.Equal([Nan, Inf, two, Inf, -Inf], x.LogSumExp(-1).ToArray(), (a, b) => a.Equals(b) || Math.Abs(a - b) < 4e-7);
        Assert.Equal([1, 1, 2, 0, 0], x.ArgMax(-1).AsSpan().ToArray());
        Assert.Equal([1, 0, 1, 1, 0], x.ArgMin(-1).AsSpan().ToArray());
        Assert.Equal(x.Max(0).ToArray(), x.Transpose().Max(-1).ToArray());
        Assert.Equal(x.LogSumExp(0).ToArray(), x.Transpose().LogSumExp(-1).ToArray(), (a, b) => a.Equals(b) || Math.Abs(a - b) < 4e-7);
        Assert.All(Tensor.Softmax(x.Slice(0, 3)).ToArray(), v => Assert.True(double.IsNaN(v)));
    }

    [Fact]
    public void Softmax_OfLargeValues_KeepsItsDigits()
    {
        Tensor x = Tensor.From([1e4, 1e4 + 1, -1e30], new Shape(3), DType.Float32);

        Assert.Equal([1 / (1 + Math.E), Math.E / (1 + Math.E), 0], Tensor.Softmax(x).ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal([-Math.Log(1 + Math.E), 1 - Math.Log(1 + Math.E), -1e30], Tensor.LogSoftmax(x).ToArray(), (a, b) => Math.Abs(a - b) <= 2e-7 * Math.Abs(a));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(-1)]
    public void Max_OverEmptyAxis_ThrowsAndShowsTheShape(int axis)
    {
        Tensor x = Tensor.Zeros(new Shape(0, 0)).Reshape(axis == 0 ? new Shape(0, 2) : new Shape(2, 0));

        Assert.Contains(x.Shape.ToString(), Assert.Throws<ShapeException>(() => x.Max(axis)).Message, StringComparison.Ordinal);
        Assert.Contains(x.Shape.ToString(), Assert.Throws<ShapeException>(() => x.Min(axis)).Message, StringComparison.Ordinal);
        Assert.Contains(x.Shape.ToString(), Assert.Throws<ShapeException>(() => x.ArgMax(axis)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradient_AtTies_IsSharedAsDocumented()
    {
        Tensor x = Tensor.From([3, 1, 3, 2], new Shape(4)).Track(), y = Tensor.From([3, 5, 0, 2], new Shape(4)).Track();

        Assert.Equal([0.5, 0, 0.5, 0], Gradient.Of(x.Max(), x).ToArray());
        Assert.Equal([0, 1.0, 0, 0], Gradient.Of(x.Min(), x).ToArray());
        Tensor[] pair = Gradient.Of(Tensor.Maximum(x, y).Sum(), [x, y]);
        Assert.Equal([0.5, 0, 1, 0.5], pair[0].ToArray());
        Assert.Equal([0.5, 1, 0, 0.5], pair[1].ToArray());
        Assert.Equal([1.0, 0, 1, 1], Gradient.Of(Tensor.Clamp(x, 2, 3).Sum(), x).ToArray());
    }

    [Fact]
    public void Where_OverUnchosenNan_GivesZeroGradient()
    {
        Tensor x = Tensor.From([-1, 4], new Shape(2)).Track();
        Tensor positive = Tensor.Greater(x, 0);
        Tensor y = Tensor.Where(positive, Tensor.Sqrt(Tensor.Where(positive, x, 1)), 0);

        Assert.Equal([0, 0.25], Gradient.Of(y.Sum(), x).ToArray());
    }

    [Fact]
    public void Pow_AtZeroBase_HasTheLimitsAsGradients()
    {
        Tensor a = Tensor.From([0, 0, 0], new Shape(3)).Track(), b = Tensor.From([0, 1, 2], new Shape(3)).Track();
        Tensor[] gradients = Gradient.Of(Tensor.Pow(a, b).Sum(), [a, b]);

        Assert.Equal([0.0, 1, 0], gradients[0].ToArray());
        Assert.Equal([0.0, 0, 0], gradients[1].ToArray());
    }

    [Fact]
    public void Sort_WithTiesAndNan_IsStableAndPutsNanLast()
    {
        Tensor x = Tensor.From([2, double.NaN, 1, 2, 1, double.NegativeInfinity], new Shape(6), DType.Float32);

        Assert.Equal([5, 2, 4, 0, 3, 1], x.Sort(0).Order.AsSpan().ToArray());
        Assert.Equal([0, 3, 2, 4, 5, 1], x.Sort(0, descending: true).Order.AsSpan().ToArray());
        Assert.Equal(x.ArgSort(-1).AsSpan().ToArray(), x.Sort(0).Order.AsSpan().ToArray());
    }

    [Fact]
    public void OneHot_OfIndices_MarksThem()
    {
        Assert.Equal([0, 1.0, 0, 0, 0, 1], Tensor.OneHot(new[] { 1, 2 }, 3).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.OneHot(new[] { 1, 3 }, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros(new Shape(2, 3)).IndexSelect(0, new[] { 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros(new Shape(2)).Gather(0, new[] { -1 }));
    }

    [Fact]
    public void Slice_OutsideTheAxis_Throws()
    {
        Tensor x = Tensor.Range(5);

        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, 4, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, -6));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, 1, 3, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(1, 0));
        Assert.Equal([3.0, 4], x.Slice(0, -2).ToArray());
        Assert.Empty(x.Slice(0, 5).ToArray());
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Cholesky_OfIndefiniteMatrix_NamesMatrixAndPivot(DType dtype)
    {
        Tensor good = Tensor.Eye(3, dtype), bad = Tensor.From([1, 0, 0, 0, 1, 2, 0, 2, 3], new Shape(3, 3), dtype);

        NotPositiveDefiniteException error = Assert.Throws<NotPositiveDefiniteException>(() => Tensor.Cholesky(Tensor.Stack([good, bad])));
        Assert.Equal((1, 2, -1.0), (error.Matrix, error.Pivot, error.Value));
        Assert.Throws<NotPositiveDefiniteException>(() => Tensor.Cholesky(good * double.NaN));
    }

    [Fact]
    public void Creation_OfEachKind_HasTheStatedValues()
    {
        Assert.Equal([-1, -0.5, 0, 0.5, 1], Tensor.Linspace(-1, 1, 5).ToArray());
        Assert.Equal(0.1, Tensor.Linspace(0.7, 0.1, 7, DType.Float64).ToArray()[^1]);
        Assert.Equal([0.0, 1, 2], Tensor.Range(3).ToArray());
        double[] draws = Tensor.Normal(3, 2, new Rng(1), new Shape(10_000), DType.Float64).ToArray();
        Assert.Equal(3, draws.Average(), 5 * 2 / Math.Sqrt(draws.Length));     // five standard errors
        Assert.Equal(4, draws.Average(d => (d - 3) * (d - 3)), 5 * 4 * Math.Sqrt(2.0 / draws.Length));
    }

    [Fact]
    public void Operations_OnDifferentElementTypes_Throw()
    {
        Tensor a = Tensor.Ones(new Shape(2)), b = Tensor.Ones(new Shape(2), DType.Float64);

        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => a + b).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tensor.Where(a, b, b));
        Assert.Throws<ArgumentException>(() => Tensor.Concat([a, b]));

        Tensor x = a.Track(), gradient = Gradient.Of((x.To(DType.Float64) * b * 2).Sum(), x);
        Assert.Equal(DType.Float32, gradient.DType);
        Assert.Equal([2.0, 2.0], gradient.ToArray());
    }
}
