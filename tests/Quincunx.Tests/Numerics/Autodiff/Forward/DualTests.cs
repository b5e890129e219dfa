using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using D = Quincunx.Numerics.Autodiff.Forward.Dual<Quincunx.Numerics.Autodiff.Forward.Tangent4>;

namespace Quincunx.Tests.Numerics.Autodiff.Forward;

public sealed class DualTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    [Theory, MemberData(nameof(DualCases.Names), MemberType = typeof(DualCases))]
    public void Function_InOneDirection_MatchesCentralDifferences(string name)
    {
        DualCase row = DualCases.Named(name);
        var rng = new Rng(3);
        for (int i = 0; i < 50; i++)
        {
            double x = rng.NextUniform(row.Low, row.High), y = rng.NextUniform(row.Low, row.High);
            if (Math.Abs(Math.Abs(x) - Math.Abs(y)) < 1e-3 || Math.Abs(Math.Abs(x) - 1) < 1e-4 || Math.Abs(x * y) < 1e-4)
            {
                continue;           // kinks
            }

            D dual = row.Dual(D.Moving(x, [0.7, 1]), D.Moving(y, [-0.4, 0, 1]));
            Close(row.Plain(x, y), dual.Value, 4e-15);
            double[] numeric = [Slope(0.7, -0.4), Slope(1, 0), Slope(0, 1), 0];
            for (int d = 0; d < 4; d++)
            {
                Close(numeric[d], dual.Derivative(d), 1e-8);
            }

            // A step of 1e-5: the differences are off by about 1e-10 |f'''| and 1e-16 |f| / 1e-5.
            double Slope(double dx, double dy) =>
                (row.Plain(x + (1e-5 * dx), y + (1e-5 * dy)) - row.Plain(x - (1e-5 * dx), y - (1e-5 * dy))) / 2e-5;
        }
    }

    [Theory, MemberData(nameof(DualCases.Names), MemberType = typeof(DualCases))]
    public void Function_OnTensorsToo_AgreesWithTheReverseMode(string name)
    {
        DualCase row = DualCases.Named(name);
        if (row.Reverse is null)
        {
            return;
        }

        var rng = new Rng(4);
        for (int i = 0; i < 50; i++)
        {
            double x = rng.NextUniform(row.Low, row.High), y = rng.NextUniform(row.Low, row.High);
            D dual = row.Dual(D.Variable(x, 3), D.Variable(y, 1));
            Tensor a = Tensor.Scalar(x, DType.Float64).Track(), b = Tensor.Scalar(y, DType.Float64).Track();
            Tensor z = row.Reverse(a, b);
            Tensor[] gradients = Gradient.Of(z, [a, b]);
            Close(z.ToScalar(), dual.Value, 4e-15);
            Close(gradients[0].ToScalar(), dual.Derivative(3), 2e-14);
            Close(gradients[1].ToScalar(), dual.Derivative(1), 2e-14);
            Assert.Equal(0, dual.Derivative(0));
        }
    }

    [Fact]
    public void Function_AtSingularPoints_HasTheLimitWhereItMovesAndZeroWhereItDoesNot()
    {
        D moving = D.Variable(0, 1);
        Same([0, Inf, 0, 0], D.Sqrt(moving));
        Same([0, Inf, 0, 0], D.Cbrt(moving));
        Same([0, Inf, 0, 0], D.Log(moving));
        Same([0, 0, 0, 0], D.Sqrt(D.Zero));
        Same([0, 0, 0, 0], D.Log(D.Zero));
        Same([0, 0, 0, 0], D.Abs(moving));
        Same([0, 0, 0, 0], D.Hypot(moving, moving));
        Same([0, NaN, 0, 0], D.Log(D.Variable(-1, 1)));
        Same([0, NaN, 0, 0], D.Atanh(D.Variable(2, 1)));
        Same([0, NaN, 0, 0], D.Sqrt(D.Variable(-1, 1)));
        Same([0, NaN, 0, 0], D.Atan2(moving, D.Zero));
        Same([0, Inf, 0, 0], D.PositiveInfinity * D.Variable(2, 1));
        Same([0, Inf, 0, 0], D.Variable(2, 1) / D.Zero);
        Same([0, 0, 0, 0], new D(2) / D.Zero);
        Same([0, 1, 0, 0], D.Pow(moving, D.One));
        Same([0, 0, 0, 0], D.Pow(moving, D.Zero));
        Same([0, 0, 0, 0], D.Pow(moving, new D(2)));
        Same([0, 0, 0, 0], D.Pow(D.Zero, D.Variable(2, 1)));
        Same([0, -6, 0, 0], D.Pow(D.Variable(-3, 1), new D(2)));
        Same([0, NaN, 0, 0], D.Pow(new D(-3), D.Variable(2, 1)));
        Assert.True(D.IsNaN(D.Log(new D(-1))) && D.IsNegativeInfinity(D.Log(moving)) && D.IsPositiveInfinity(D.One / D.Zero));
        Assert.True(D.IsNaN(D.Max(D.NaN, D.One)) && D.IsNaN(D.Min(D.One, D.NaN)) && D.MaxNumber(D.NaN, D.One) == D.One && D.MinNumber(D.One, D.NaN) == D.One);
        Assert.True(D.IsNaN(D.MaxMagnitude(D.NaN, D.One)) && D.IsNaN(D.MaxMagnitude(D.One, D.NaN)) && D.IsNaN(D.MinMagnitude(D.NaN, D.One)) && D.IsNaN(D.MinMagnitude(D.One, D.NaN)));
    }

    [Fact]
    public void Comparison_OfDuals_LooksAtTheValueAlone()
    {
        D a = D.Variable(2, 0), b = D.Variable(2, 1), c = new D(3);
        Assert.True(a == b && a.Equals(b) && a.GetHashCode() == b.GetHashCode() && a.CompareTo(b) == 0 && a <= b && a >= b && !(a != b));
        Assert.True(a < c && c > a && a.CompareTo(c) < 0 && a.CompareTo((object)c) < 0 && a.CompareTo(null) > 0 && a.Equals((object)b));
        Assert.False(D.NaN == D.NaN || D.NaN < a || D.NaN > a || D.NaN <= D.NaN);
        Assert.True(D.NaN.Equals(D.NaN));
        Assert.Throws<ArgumentException>(() => a.CompareTo("2"));
        Same([0.5, 0.5, 0, 0], D.Max(a, b));
        Same([0.5, 0.5, 0, 0], D.Min(a, b));
        Same([1, 0, 0, 0], D.Clamp(a, b, c));
        Same([0, 1, 0, 0], D.Clamp(new D(1), b, c));
        Assert.Throws<ArgumentException>(() => D.Clamp(a, c, b));
    }

    [Fact]
    public void Branch_OnAValue_GivesTheDerivativeOfTheBranchTaken()
    {
        static D Kink(D x) => x < 1 ? x * x : 3 * x;
        Same([2 * 0.5, 0, 0, 0], Kink(D.Variable(0.5, 0)));
        Same([3, 0, 0, 0], Kink(D.Variable(1, 0)));
        Same([0, 0, 0, 0], D.Round(D.Variable(1.4, 0), 0, MidpointRounding.ToEven));
        Same([0, 0, 0, 0], D.Truncate(D.Variable(1.4, 0)) + D.Ceiling(D.Variable(1.4, 0)));
    }

    [Fact]
    public void Conversion_BothWays_KeepsTheValue()
    {
        Assert.Equal(0.1f, Checked<float, D>(0.1f).Value);
        Assert.Equal(7, Checked<int, D>(7).Value);
        Assert.Equal(2.5, Checked<D, double>(D.Variable(2.5, 0)));
        Assert.Throws<OverflowException>(() => Checked<D, byte>(new D(300)));
        Assert.Equal(255, Saturating<D, byte>(new D(300)));
        Assert.Equal(3, Truncating<D, int>(new D(3.7)));
        Same([0, 1, 0, 0], Checked<D, D>(D.Variable(2, 1)));
        Assert.Equal(0.5, Saturating<Half, D>((Half)0.5).Value + Truncating<byte, D>(0).Value);
        Assert.Equal("2.5", D.Parse("2.5", null).ToString());
        Assert.True(D.TryParse("1e3", null, out D parsed) && parsed == 1000 && !D.TryParse("x", null, out _));
        Assert.Equal("2.50", $"{new D(2.5):F2}");
    }

    [Fact]
    public void Directions_OutsideTheTangent_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => D.Variable(1, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => D.One.Derivative(-1));
        Assert.Throws<ArgumentException>(() => D.Moving(1, [1, 2, 3, 4, 5]));
        Assert.Throws<ArgumentException>(() => D.One.CopyDerivatives(new double[5]));
    }

    private static TTo Checked<TFrom, TTo>(TFrom x)
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo> => TTo.CreateChecked(x);

    private static TTo Saturating<TFrom, TTo>(TFrom x)
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo> => TTo.CreateSaturating(x);

    private static TTo Truncating<TFrom, TTo>(TFrom x)
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo> => TTo.CreateTruncating(x);

    private static void Same(double[] derivatives, D dual)
    {
        double[] actual = new double[4];
        dual.CopyDerivatives(actual);
        Assert.Equal(derivatives, actual);
    }

    private static void Close(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)), $"Expected {expected:R}, got {actual:R}");
}
