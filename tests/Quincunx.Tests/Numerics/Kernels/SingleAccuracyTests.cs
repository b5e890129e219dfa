using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

/// <summary>
/// The functions of float32 against float64 over all exponents, numbers below the normal ones, both signs and the limits of overflow and underflow.
/// Over all 2³² numbers, run once by hand, the largest errors were those stated below, rounded up.
/// </summary>
[Collection(SimdCollection.Name)]
public sealed class SingleAccuracyTests
{
    private const int PerExponent = 400;

    private delegate void Kernel(ReadOnlySpan<float> x, Span<float> y);

    // The limits of overflow, underflow and of saturation, and numbers at which a reduction changes.
    private static readonly float[] Edges =
    [
        0, 88.72283f, 88.72284f, 103.97207f, 103.97208f, 87.33654f, 104, 105, 17.32868f, 9.010913f, 16.63553f, 1, 0.70710677f, 1.4142135f,
        0.41421357f, 0.29289323f, 0.34657359f, float.MaxValue, float.Epsilon, 1.17549435e-38f,
    ];

    /// <summary>Name and the units in the last place that are allowed.</summary>
    public static TheoryData<string, double> Functions => new()
    {
        { "Exp", 1 },
        { "Log", 1 },
        { "Sigmoid", 2 },
        { "Tanh", 3 },
        { "Softplus", 3 },
        { "Expm1", 2 },
        { "Log1p", 2 },
    };

    [Theory, MemberData(nameof(Functions))]
    public void Function_OverAllExponents_IsWithinUnits(string name, double allowed)
    {
        (Kernel kernel, Func<double, double> reference) = Select(name);
        float[] x = Sample(), wide = new float[x.Length];
        SimdCollection.AtEachLevel(() =>
        {
            float[] y = new float[x.Length];
            kernel(x, y);
            (double worst, int at) = (0, 0);
            for (int i = 0; i < x.Length; i++)
            {
                double units = Units(y[i], reference(x[i]));
                (worst, at) = units > worst ? (units, i) : (worst, at);
            }

            Assert.True(worst <= allowed, $"{name} of {x[at]:R} is {y[at]:R} at {Simd.Level}, off by {worst} units in the last place; expected at most {allowed}.");

            // With fused multiply-add the width makes no difference.
            if (Simd.Level == SimdLevel.Avx2)
            {
                wide = y;
            }
            else if (Simd.Level == SimdLevel.Avx512)
            {
                Assert.Equal(wide.Select(BitConverter.SingleToInt32Bits), y.Select(BitConverter.SingleToInt32Bits));
            }
        });
    }

    private static float[] Sample()
    {
        Rng rng = new Rng(9).Split("floats");
        var x = new List<float>();
        foreach (float edge in Edges)
        {
            x.AddRange([edge, -edge, MathF.BitIncrement(edge), MathF.BitDecrement(edge), MathF.BitIncrement(-edge), MathF.BitDecrement(-edge)]);
        }

        for (int exponent = 0; exponent < 255; exponent++)
        {
            for (int i = 0; i < PerExponent; i++)
            {
                int bits = (exponent << 23) | (int)(rng.NextDouble() * (1 << 23));
                x.Add(BitConverter.Int32BitsToSingle(i % 2 == 0 ? bits : bits | int.MinValue));
            }
        }

        // Most numbers at which something happens are between -110 and 90.
        for (int i = 0; i < 100_000; i++)
        {
            x.Add((float)((200 * rng.NextDouble()) - 110));
        }

        return [.. x];
    }

    // Distance from the true value, in units of the last place of a float in its binade; results beyond the range have to be infinite.
    private static double Units(float actual, double expected)
    {
        if (double.IsNaN(expected) || float.IsNaN(actual))
        {
            return double.IsNaN(expected) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        if (float.IsInfinity((float)expected) || float.IsInfinity(actual))
        {
            // Within half a unit of the limit either is right.
            bool atLimit = Math.Abs(Math.Abs(expected) - float.MaxValue) < 1.1e31;
            return (float)expected == actual || atLimit ? 0 : double.PositiveInfinity;
        }

        double unit = Math.ScaleB(1, (expected == 0 ? -126 : Math.Max(Math.ILogB(expected), -126)) - 23);
        return Math.Abs(actual - expected) / unit;
    }

    private static (Kernel Kernel, Func<double, double> Reference) Select(string name) => name switch
    {
        "Exp" => (Elementwise.Exp, Math.Exp),
        "Log" => (Elementwise.Log, Math.Log),
        "Sigmoid" => (Elementwise.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        "Tanh" => (Elementwise.Tanh, Math.Tanh),
        "Softplus" => (Elementwise.Softplus, x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)))),
        "Expm1" => (Elementwise.Expm1, x => Math.Abs(x) < 1e-3 ? x + (x * x / 2) + (x * x * x / 6) + (x * x * x * x / 24) : Math.Exp(x) - 1),
        "Log1p" => (Elementwise.Log1p, Log1p),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function."),
    };

    // Good to 1e-12, which is nothing beside a float's 6e-8.
    private static double Log1p(double x) => Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);
}
