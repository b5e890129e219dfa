using System.Numerics;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;
using D = Quincunx.Numerics.Autodiff.Forward.Dual<Quincunx.Numerics.Autodiff.Forward.Tangent4>;

namespace Quincunx.Tests.Numerics.Autodiff.Forward;

/// <summary>Functions of two numbers: with derivatives, without, and on tensors where they have it.</summary>
public sealed record DualCase(string Name, Func<D, D, D> Dual, Func<double, double, double> Plain, double Low, double High)
{
    public Func<Tensor, Tensor, Tensor>? Reverse { get; init; }
}

public static class DualCases
{
    private static readonly double Ln2 = Math.Log(2), Ln10 = Math.Log(10);

    public static IReadOnlyList<DualCase> All { get; } =
    [
        Two("add", (x, y) => x + y, (x, y) => x + y, -3, 3, (x, y) => x + y),
        Two("subtract", (x, y) => x - y, (x, y) => x - y, -3, 3, (x, y) => x - y),
        Two("multiply", (x, y) => x * y, (x, y) => x * y, -3, 3, (x, y) => x * y),
        Two("divide", (x, y) => x / y, (x, y) => x / y, 0.3, 3, (x, y) => x / y),
        Two("modulus", (x, y) => (x + 7) % y, (x, y) => (x + 7) % y, 1.3, 1.7),
        Two("remainder", (x, y) => D.Ieee754Remainder(x + 7, y), (x, y) => Math.IEEERemainder(x + 7, y), 1.3, 1.7),
        Two("pow", D.Pow, Math.Pow, 0.3, 3, Tensor.Pow),
        Two("hypot", D.Hypot, double.Hypot, -2, -0.2, (x, y) => Tensor.Sqrt(Tensor.Square(x) + Tensor.Square(y))),
        Two("atan2", D.Atan2, Math.Atan2, -2, -0.2),
        Two("atan2Pi", D.Atan2Pi, double.Atan2Pi, 0.2, 2),
        Two("log base", D.Log, Math.Log, 1.3, 3, (x, y) => Tensor.Log(x) / Tensor.Log(y)),
        Two("max", D.Max, Math.Max, -3, 3, Tensor.Maximum),
        Two("min", D.Min, Math.Min, -3, 3, Tensor.Minimum),
        Two("maxMagnitude", D.MaxMagnitude, double.MaxMagnitude, -3, 3),
        Two("minMagnitude", D.MinMagnitude, double.MinMagnitude, -3, 3),
        Two("fma", (x, y) => D.FusedMultiplyAdd(x, y, x), (x, y) => Math.FusedMultiplyAdd(x, y, x), -3, 3, (x, y) => (x * y) + x),
        Two("multiplyAddEstimate", (x, y) => D.MultiplyAddEstimate(x, y, x), (x, y) => double.MultiplyAddEstimate(x, y, x), -3, 3, (x, y) => (x * y) + x),
        Two("lerp", (x, y) => Lerp(x, y, 0.3), (x, y) => double.Lerp(x, y, 0.3), -3, 3, (x, y) => (x * 0.7) + (y * 0.3)),
        Two("copySign", CopySign, Math.CopySign, -3, 3),
        Two("numbers", (x, y) => ((((2 * x) + 1) / 3) - 5) + (1 + (y * 4)), (x, y) => ((((2 * x) + 1) / 3) - 5) + (1 + (y * 4)), -3, 3, (x, y) => ((((2 * x) + 1) / 3) - 5) + (1 + (y * 4))),
        One("negate", x => -x, x => -x, -3, 3, x => -x),
        One("increment", x => +x + D.One, x => x + 1, -3, 3, x => x + 1),
        One("scaleB", x => D.ScaleB(x, -3), x => Math.ScaleB(x, -3), -3, 3, x => x / 8),
        One("abs", D.Abs, Math.Abs, -3, 3, Tensor.Abs),
        One("clamp", x => D.Clamp(x, -1, 1), x => Math.Clamp(x, -1, 1), -3, 3, x => Tensor.Clamp(x, -1, 1)),
        One("floor", D.Floor, Math.Floor, 1.1, 1.9),
        One("exp", D.Exp, Math.Exp, -3, 3, Tensor.Exp),
        One("expM1", D.ExpM1, SpecialFunctions.Expm1, -3, 3),
        One("exp2", D.Exp2, double.Exp2, -3, 3, x => Tensor.Exp(x * Ln2)),
        One("exp2M1", D.Exp2M1, x => double.Exp2(x) - 1, -3, 3),
        One("exp10", D.Exp10, double.Exp10, -1, 1, x => Tensor.Exp(x * Ln10)),
        One("exp10M1", D.Exp10M1, x => double.Exp10(x) - 1, -1, 1),
        One("log", D.Log, Math.Log, 0.2, 3, Tensor.Log),
        One("logP1", D.LogP1, SpecialFunctions.Log1p, -0.5, 3),
        One("log2", D.Log2, Math.Log2, 0.2, 3, x => Tensor.Log(x) / Ln2),
        One("log2P1", D.Log2P1, x => Math.Log2(1 + x), -0.5, 3),
        One("log10", D.Log10, Math.Log10, 0.2, 3, x => Tensor.Log(x) / Ln10),
        One("log10P1", D.Log10P1, x => Math.Log10(1 + x), -0.5, 3),
        One("square by pow", x => D.Pow(x, 2), x => x * x, -3, 3, Tensor.Square),
        One("sqrt", D.Sqrt, Math.Sqrt, 0.2, 3, Tensor.Sqrt),
        One("cbrt", D.Cbrt, Math.Cbrt, -3, -0.2),
        One("rootN 4", x => D.RootN(x, 4), x => double.RootN(x, 4), 0.2, 3),
        One("rootN -3", x => D.RootN(x, -3), x => double.RootN(x, -3), -3, -0.2),
        One("sin", D.Sin, Math.Sin, -3, 3, Tensor.Sin),
        One("cos", D.Cos, Math.Cos, -3, 3, Tensor.Cos),
        One("tan", D.Tan, Math.Tan, -1.2, 1.2),
        One("sinPi", D.SinPi, double.SinPi, -1, 1, x => Tensor.Sin(x * Math.PI)),
        One("cosPi", D.CosPi, double.CosPi, -1, 1, x => Tensor.Cos(x * Math.PI)),
        One("tanPi", D.TanPi, double.TanPi, -0.4, 0.4),
        One("asin", D.Asin, Math.Asin, -0.9, 0.9),
        One("asinPi", D.AsinPi, double.AsinPi, -0.9, 0.9),
        One("acos", D.Acos, Math.Acos, -0.9, 0.9),
        One("acosPi", D.AcosPi, double.AcosPi, -0.9, 0.9),
        One("atan", D.Atan, Math.Atan, -3, 3),
        One("atanPi", D.AtanPi, double.AtanPi, -3, 3),
        One("sinh", D.Sinh, Math.Sinh, -3, 3, x => (Tensor.Exp(x) - Tensor.Exp(-x)) / 2),
        One("cosh", D.Cosh, Math.Cosh, -3, 3, x => (Tensor.Exp(x) + Tensor.Exp(-x)) / 2),
        One("tanh", D.Tanh, Math.Tanh, -3, 3, Tensor.Tanh),
        One("asinh", D.Asinh, Math.Asinh, -3, 3),
        One("acosh", D.Acosh, Math.Acosh, 1.2, 4),
        One("atanh", D.Atanh, Math.Atanh, -0.9, 0.9),
    ];

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    public static DualCase Named(string name) => All.Single(c => c.Name == name);

    // Members that a type inherits from the interfaces are reached through generic code alone.
    private static T Lerp<T>(T x, T y, T amount)
        where T : IFloatingPointIeee754<T> => T.Lerp(x, y, amount);

    private static T CopySign<T>(T x, T sign)
        where T : INumber<T> => T.CopySign(x, sign);

    private static DualCase Two(
        string name, Func<D, D, D> dual, Func<double, double, double> plain, double low, double high, Func<Tensor, Tensor, Tensor>? reverse = null) =>
        new(name, dual, plain, low, high) { Reverse = reverse };

    private static DualCase One(string name, Func<D, D> dual, Func<double, double> plain, double low, double high, Func<Tensor, Tensor>? reverse = null) =>
        new(name, (x, _) => dual(x), (x, _) => plain(x), low, high) { Reverse = reverse is null ? null : (x, y) => reverse(x) + (0 * y) };
}
