using System.Numerics;
using Quincunx.Numerics.Special;

namespace Quincunx.Numerics.Tensors;

/// <summary>Elementwise functions that are computed one number at a time, in float64 whatever the element type.</summary>
internal static class ScalarMap
{
    public static void Run<T, TFunction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IScalarFunction
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.CreateTruncating(TFunction.Of(double.CreateTruncating(x[i])));
        }
    }

    public readonly struct Log1pFunction : IScalarFunction
    {
        public static double Of(double x) => x == 0 ? x : SpecialFunctions.Log1p(x);
    }

    public readonly struct Expm1Function : IScalarFunction
    {
        public static double Of(double x) => SpecialFunctions.Expm1(x);
    }

    // TensorPrimitives.Tanh has an absolute error, so that near 0 no digit is right (tanh(0) = -6e-8 in float32, .NET 10).
    public readonly struct TanhFunction : IScalarFunction
    {
        public static double Of(double x) => Math.Tanh(x);
    }

    public readonly struct SigmoidFunction : IScalarFunction
    {
        public static double Of(double x) => SpecialFunctions.Sigmoid(x);
    }

    public readonly struct SoftplusFunction : IScalarFunction
    {
        public static double Of(double x) => SpecialFunctions.Softplus(x);
    }

    public readonly struct ErfFunction : IScalarFunction
    {
        public static double Of(double x) => x == 0 ? x : SpecialFunctions.Erf(x);
    }

    public readonly struct NormalCdfFunction : IScalarFunction
    {
        public static double Of(double x) => SpecialFunctions.NormalCdf(x);
    }

    public readonly struct GeluFunction : IScalarFunction
    {
        public static double Of(double x) => double.IsNegativeInfinity(x) ? 0 : x * NormalCdfFunction.Of(x);
    }

    public readonly struct SiluFunction : IScalarFunction
    {
        public static double Of(double x) => double.IsNegativeInfinity(x) ? 0 : x / (1 + Math.Exp(-x));
    }
}
