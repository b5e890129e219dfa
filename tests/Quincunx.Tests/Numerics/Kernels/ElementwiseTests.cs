using System.Numerics;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class ElementwiseTests
{
    private delegate void Kernel<T>(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>Name, range of x (signed, or by magnitude from 10^low to 10^high with both signs), units allowed.</summary>
    public static TheoryData<string, double, double, bool, double> Accuracy => new()
    {
        { "Exp", -745, 709.7, false, 1 },
        { "Exp", -20, 2, true, 1 },
        { "Expm1", -20, 1.5, true, 3 },
        { "Expm1", -2, 2, false, 3 },
        { "Log", -300, 300, true, 1 },
        { "Log", 0.5, 2, false, 1 },
        { "Log1p", -20, 1, true, 3 },
        { "Log1p", -0.99, 3, false, 3 },
        { "Log1p", -1e-3, 1e-3, false, 3 },
        { "Tanh", -20, 1.2, true, 4 },
        { "Tanh", -1, 1, false, 4 },
        { "Sigmoid", -700, 40, false, 2 },
        { "Softplus", -700, 700, false, 4 },
        { "Softplus", -3, 3, false, 4 },
        { "Silu", -700, 40, false, 4 },
        { "Silu", -5, 5, false, 4 },
        { "Erf", -10, 0.7, true, 4 },
        { "Erf", 0.5, 1.5, false, 4 },
        { "NormalCdf", -20, 8, false, 4 },
        { "NormalCdf", -2, 2, false, 4 },
        { "Gelu", -20, 8, false, 4 },
        { "Gelu", -2, 2, false, 4 },
    };

    [Theory, MemberData(nameof(Accuracy))]
    public void Function_AgainstBigArithmetic_IsWithinUnits(string name, double low, double high, bool byMagnitude, double units) => SimdCollection.AtEachLevel(() =>
    {
        double[] points = Points(low, high, byMagnitude, positive: name is "Log" or "Log1p");
        Judge(name, Select<double>(name), points, precision: 53, lowestExponent: -1022, units);

        float[] singles = [.. points.Select(x => (float)x).Where(x => InRangeOfSingle(name, x))];
        Judge(name, Select<float>(name), singles, precision: 24, lowestExponent: -126, units);
    });

    [Theory]
    [InlineData("Exp", 0, double.PositiveInfinity, 1)]
    [InlineData("Expm1", -1, double.PositiveInfinity, 0)]
    [InlineData("Log", double.NaN, double.PositiveInfinity, double.NegativeInfinity)]
    [InlineData("Log1p", double.NaN, double.PositiveInfinity, 0)]
    [InlineData("Tanh", -1, 1, 0)]
    [InlineData("Sigmoid", 0, 1, 0.5)]
    [InlineData("Softplus", 0, double.PositiveInfinity, 0.6931471805599453)]
    [InlineData("Erf", -1, 1, 0)]
    [InlineData("NormalCdf", 0, 1, 0.5)]
    [InlineData("Gelu", 0, double.PositiveInfinity, 0)]
    [InlineData("Silu", 0, double.PositiveInfinity, 0)]
    [InlineData("Relu", 0, double.PositiveInfinity, 0)]
    [InlineData("LeakyRelu", double.NegativeInfinity, double.PositiveInfinity, 0)]
    [InlineData("Elu", -1, double.PositiveInfinity, 0)]
    [InlineData("Sqrt", double.NaN, double.PositiveInfinity, 0)]
    [InlineData("Abs", double.PositiveInfinity, double.PositiveInfinity, 0)]
    [InlineData("Negate", double.PositiveInfinity, double.NegativeInfinity, 0)]
    [InlineData("Sin", double.NaN, double.NaN, 0)]
    [InlineData("Cos", double.NaN, double.NaN, 1)]
    [InlineData("Atan", -1.5707963267948966, 1.5707963267948966, 0)]
    [InlineData("Cube", double.NegativeInfinity, double.PositiveInfinity, 0)]
    [InlineData("Clamp", -0.5, 2, 0)]
    public void Function_AtInfinityZeroAndNaN_HasItsLimit(string name, double atMinusInfinity, double atInfinity, double atZero) => SimdCollection.AtEachLevel(() =>
    {
        double[] y = new double[4];
        Select<double>(name)([double.NegativeInfinity, double.PositiveInfinity, 0, double.NaN], y);
        Assert.Equal([atMinusInfinity, atInfinity, atZero, double.NaN], y);
        float[] single = new float[4];
        Select<float>(name)([float.NegativeInfinity, float.PositiveInfinity, 0, float.NaN], single);
        Assert.Equal([(float)atMinusInfinity, (float)atInfinity, (float)atZero, float.NaN], single);
    });

    [Theory]
    [InlineData("Expm1")]
    [InlineData("Log1p")]
    [InlineData("Tanh")]
    [InlineData("Erf")]
    public void OddAtZero_KeepsTinyNumbersAndTheSignOfZero(string name) => SimdCollection.AtEachLevel(() =>
    {
        double[] x = [-0.0, 1e-300, -1e-300], y = new double[3];
        Select<double>(name)(x, y);
        double factor = name == "Erf" ? 2 / Math.Sqrt(Math.PI) : 1;
        Assert.Equal(BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(y[0]));
        Assert.Equal(factor, y[1] / 1e-300, 1e-15);
        Assert.Equal(-factor, y[2] / 1e-300, 1e-15);
    });

    [Fact]
    public void Log_BelowZeroAndBelowNormal_FollowsIeee() => SimdCollection.AtEachLevel(() =>
    {
        double[] y = new double[4];
        Elementwise.Log<double>([-1, -double.Epsilon, double.Epsilon, 1], y);
        Assert.Equal([double.NaN, double.NaN, -1074 * Math.Log(2), 0], y, (a, b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) <= 1e-13);
        Elementwise.Log1p<double>([-1, -1.5, -1 + double.Epsilon, 0], y);
        Assert.Equal([double.NegativeInfinity, double.NaN, double.NegativeInfinity, 0], y);
    });

    [Theory]
    [InlineData("Exp")]
    [InlineData("Log")]
    [InlineData("Softplus")]
    [InlineData("Gelu")]
    [InlineData("Elu")]
    [InlineData("Relu")]
    public void Function_EveryLengthTo64_GivesTheSameBitsInPlaceAndTouchesNothingElse(string name) => SimdCollection.AtEachLevel(() =>
    {
        Lengths<float>(name);
        Lengths<double>(name);
    });

    [Fact]
    public void Function_ShortTarget_Throws() =>
        Assert.Throws<ArgumentException>(() => Elementwise.Exp<float>(new float[3], new float[2]));

    private static void Lengths<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Kernel<T> kernel = Select<T>(name);
        T[] x = [.. Enumerable.Range(0, 70).Select(i => T.CreateChecked((i * 0.37) - 9))];
        T[] all = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            kernel(x.AsSpan(i, 1), all.AsSpan(i, 1));
        }

        for (int length = 0; length <= 64; length++)
        {
            T[] y = [.. x];
            kernel(y.AsSpan(1, length), y.AsSpan(1, length));
            Assert.Equal([x[0], .. all[1..(length + 1)], .. x[(length + 1)..]], y);
        }
    }

    private static void Judge<T>(string name, Kernel<T> kernel, T[] x, int precision, int lowestExponent, double allowed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Func<BigInteger, BigInteger> reference = Reference(name);
        T[] y = new T[x.Length];
        kernel(x, y);
        (double worst, int at) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.False(T.IsNaN(y[i]), $"{name} of {x[i]} is NaN.");
            BigInteger expected = reference(BigReference.Of(double.CreateChecked(x[i])));
            double units = BigReference.Units(double.CreateChecked(y[i]), expected, precision, lowestExponent);
            (worst, at) = units > worst ? (units, i) : (worst, at);
        }

        Assert.True(worst <= allowed, $"{name} of {typeof(T).Name} {x[at]} is {y[at]}, off by {worst} units in the last place; expected at most {allowed}.");
    }

    private static double[] Points(double low, double high, bool byMagnitude, bool positive)
    {
        Rng rng = new Rng(3).Split("points");
        double[] x = new double[300];
        for (int i = 0; i < x.Length; i++)
        {
            double u = low + ((high - low) * rng.NextDouble());
            x[i] = !byMagnitude ? u : Math.Pow(10, u) * (i % 2 == 0 || positive ? 1 : -1);
        }

        return x;
    }

    private static bool InRangeOfSingle(string name, float x) => name switch
    {
        "Exp" or "Expm1" => x is > -104 and < 88.5f,
        "Sigmoid" or "Softplus" => x > -104,
        "NormalCdf" => x > -14,

        // Their factor beside x is to be a normal number.
        "Silu" => x > -87,
        "Gelu" => x > -12.8f,
        _ => float.IsFinite(x) && x != 0,
    };

    private static Func<BigInteger, BigInteger> Reference(string name) => name switch
    {
        "Exp" => BigReference.Exp,
        "Expm1" => BigReference.Expm1,
        "Log" => BigReference.Log,
        "Log1p" => BigReference.Log1p,
        "Tanh" => BigReference.Tanh,
        "Sigmoid" => BigReference.Sigmoid,
        "Softplus" => BigReference.Softplus,
        "Silu" => BigReference.Silu,
        "Erf" => BigReference.Erf,
        "NormalCdf" => BigReference.NormalCdf,
        "Gelu" => BigReference.Gelu,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No reference."),
    };

    private static Kernel<T> Select<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T> => name switch
        {
            "Exp" => Elementwise.Exp,
            "Expm1" => Elementwise.Expm1,
            "Log" => Elementwise.Log,
            "Log1p" => Elementwise.Log1p,
            "Tanh" => Elementwise.Tanh,
            "Sigmoid" => Elementwise.Sigmoid,
            "Softplus" => Elementwise.Softplus,
            "Erf" => Elementwise.Erf,
            "NormalCdf" => Elementwise.NormalCdf,
            "Gelu" => Elementwise.Gelu,
            "Silu" => Elementwise.Silu,
            "Relu" => Elementwise.Relu,
            "LeakyRelu" => (x, y) => Elementwise.LeakyRelu(x, T.CreateChecked(0.01), y),
            "Elu" => (x, y) => Elementwise.Elu(x, T.One, y),
            "Sqrt" => Elementwise.Sqrt,
            "Abs" => Elementwise.Abs,
            "Negate" => Elementwise.Negate,
            "Sin" => Elementwise.Sin,
            "Cos" => Elementwise.Cos,
            "Atan" => Elementwise.Atan,
            "Cube" => (x, y) => Elementwise.Pow(x, T.CreateChecked(3), y),
            "Clamp" => (x, y) => Elementwise.Clamp(x, T.CreateChecked(-0.5), T.CreateChecked(2), y),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function."),
        };
}
