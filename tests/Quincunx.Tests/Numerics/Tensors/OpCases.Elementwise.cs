using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Elementwise =>
    [
        //                                                                                    NaN, +∞, -∞, 0, -0
        Unary("Negate", x => -x, x => -x, -2, 2, [Nan, -Inf, Inf, -0.0, 0]),
        Unary("Add:number", x => x + 1.5, x => x + 1.5, -2, 2, [Nan, Inf, -Inf, 1.5, 1.5]),
        Unary("Add:to number", x => 1.5 + x, x => x + 1.5, -2, 2, [Nan, Inf, -Inf, 1.5, 1.5]),
        Unary("Subtract:number", x => x - 1.5, x => x - 1.5, -2, 2, [Nan, Inf, -Inf, -1.5, -1.5]),
        Unary("Subtract:from number", x => 1.5 - x, x => 1.5 - x, -2, 2, [Nan, -Inf, Inf, 1.5, 1.5]),
        Unary("Multiply:number", x => x * -1.7, x => x * -1.7, -2, 2, [Nan, -Inf, Inf, -0.0, 0]),
        Unary("Multiply:by 0", x => 0 * x, x => 0 * x, -2, 2, [Nan, Nan, Nan, 0, -0.0]),
        Unary("Divide:by number", x => x / 3, x => x / 3, -2, 2, [Nan, Inf, -Inf, 0, -0.0]),
        Unary("Divide:by 0", x => x / 0, x => x / 0, 1, 2, [Nan, Inf, -Inf, Nan, Nan]) with { GradientShapes = [] },
        Unary("Divide:number", x => 3 / x, x => 3 / x, 0.5, 2, [Nan, 0, -0.0, Inf, -Inf]),
        Unary("Exp", Tensor.Exp, Math.Exp, -3, 3, [Nan, Inf, 0, 1, 1]),
        Unary("Log", Tensor.Log, Math.Log, 0.2, 4, [Nan, Inf, Nan, -Inf, -Inf]),
        Unary("Log1p", Tensor.Log1p, SpecialFunctions.Log1p, -0.9, 3, [Nan, Inf, Nan, 0, -0.0]),
        Unary("Log1p:tiny", Tensor.Log1p, x => x - (x * x / 2), -1e-9, 1e-9, [Nan, Inf, Nan, 0, -0.0], 1e-24) with { GradientShapes = [] },
        Unary("Expm1", Tensor.Expm1, SpecialFunctions.Expm1, -3, 3, [Nan, Inf, -1, 0, -0.0]),
        Unary("Expm1:tiny", Tensor.Expm1, x => x + (x * x / 2), -1e-9, 1e-9, [Nan, Inf, -1, 0, -0.0], 1e-24) with { GradientShapes = [] },
        Unary("Sqrt", Tensor.Sqrt, Math.Sqrt, 0.2, 4, [Nan, Inf, Nan, 0, -0.0]),
        Unary("Square", Tensor.Square, x => x * x, -3, 3, [Nan, Inf, Inf, 0, 0]),
        Unary("Reciprocal", Tensor.Reciprocal, x => 1 / x, 0.3, 3, [Nan, 0, -0.0, Inf, -Inf]),
        Unary("Pow:2.5", x => Tensor.Pow(x, 2.5), x => Math.Pow(x, 2.5), 0.3, 3, [Nan, Inf, Inf, 0, 0]),
        Unary("Pow:3", x => Tensor.Pow(x, 3), x => x * x * x, -2, 2, [Nan, Inf, -Inf, 0, -0.0]),
        Unary("Pow:2", x => Tensor.Pow(x, 2), x => x * x, -2, 2, [Nan, Inf, Inf, 0, 0]),
        Unary("Pow:1", x => Tensor.Pow(x, 1), x => x, -2, 2, [Nan, Inf, -Inf, 0, -0.0]),
        Unary("Pow:0", x => Tensor.Pow(x, 0), _ => 1, -2, 2, [1, 1, 1, 1, 1]),
        Unary("Pow:-1", x => Tensor.Pow(x, -1), x => 1 / x, 0.3, 2, [Nan, 0, -0.0, Inf, -Inf]),
        Unary("Abs", Tensor.Abs, Math.Abs, -2, 2, [Nan, Inf, Inf, 0, 0]),
        Unary("Sign", Tensor.Sign, x => Math.Sign(x), -2, 2, [Nan, 1, -1, 0, -0.0]),
        Unary("Clamp", x => Tensor.Clamp(x, -0.5, 1.25), x => Math.Clamp(x, -0.5, 1.25), -2, 2, [Nan, 1.25, -0.5, 0, -0.0]),
        Unary("Clamp:one side", x => Tensor.Clamp(x, 0.5, Inf), x => Math.Max(x, 0.5), -2, 2, [Nan, Inf, 0.5, 0.5, 0.5]),
        Unary("Maximum:number", x => Tensor.Maximum(x, 0.1), x => Math.Max(x, 0.1), -2, 2, [Nan, Inf, 0.1, 0.1, 0.1]),
        Unary("Minimum:number", x => Tensor.Minimum(x, 0.1), x => Math.Min(x, 0.1), -2, 2, [Nan, 0.1, -Inf, 0, -0.0]),
        Unary("Sin", Tensor.Sin, Math.Sin, -5, 5, [Nan, Nan, Nan, 0, -0.0]),
        Unary("Sin:large", Tensor.Sin, Math.Sin, -1e6, 1e6, [Nan, Nan, Nan, 0, -0.0]) with { GradientShapes = [] },
        Unary("Cos", Tensor.Cos, Math.Cos, -5, 5, [Nan, Nan, Nan, 1, 1]),
        Unary("Atan", Tensor.Atan, Math.Atan, -5, 5, [Nan, Math.PI / 2, -Math.PI / 2, 0, -0.0]),
        Unary("Tanh", Tensor.Tanh, Math.Tanh, -4, 4, [Nan, 1, -1, 0, -0.0]),
        Unary("Sigmoid", Tensor.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -8, 8, [Nan, 1, 0, 0.5, 0.5]),
        Unary("Softplus", Tensor.Softplus, x => Math.Log(1 + Math.Exp(x)), -8, 8, [Nan, Inf, 0, Math.Log(2), Math.Log(2)]),
        Unary("Softplus:far", Tensor.Softplus, x => Math.Exp(x), -100, -40, [Nan, Inf, 0, Math.Log(2), Math.Log(2)], 1e-30) with { GradientShapes = [] },
        Unary("Softplus:high", Tensor.Softplus, x => x, 40, 900, [Nan, Inf, 0, Math.Log(2), Math.Log(2)]),
        Unary("Relu", Tensor.Relu, x => Math.Max(x, 0), -2, 2, [Nan, Inf, 0, 0, 0]),
        Unary("LeakyRelu", x => Tensor.LeakyRelu(x, 0.2), x => x > 0 ? x : 0.2 * x, -2, 2, [Nan, Inf, -Inf, 0, -0.0]),
        Unary("Elu", x => Tensor.Elu(x, 1.3), x => x > 0 ? x : 1.3 * (Math.Exp(x) - 1), -3, 3, [Nan, Inf, -1.3, 0, -0.0]),
        Unary("Gelu", Tensor.Gelu, x => 0.5 * x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2))), -4, 4, [Nan, Inf, 0, 0, -0.0]),
        Unary("Silu", Tensor.Silu, x => x / (1 + Math.Exp(-x)), -6, 6, [Nan, Inf, 0, 0, -0.0]),
        Unary("Erf", Tensor.Erf, SpecialFunctions.Erf, -3, 3, [Nan, 1, -1, 0, -0.0]),
        Unary("NormalCdf", Tensor.NormalCdf, x => 0.5 * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2))), -4, 4, [Nan, 1, 0, 0.5, 0.5]),
        Unary("IsFinite", Tensor.IsFinite, _ => 1, -2, 2, [0, 0, 0, 1, 1]),
        Unary("Less:number", x => Tensor.Less(x, 0), x => x < 0 ? 1 : 0, -2, 2, [0, 0, 1, 0, 0]),
        Unary("LessOrEqual:number", x => Tensor.LessOrEqual(x, 0), x => x <= 0 ? 1 : 0, -2, 2, [0, 0, 1, 1, 1]),
        Unary("Greater:number", x => Tensor.Greater(x, 0), x => x > 0 ? 1 : 0, -2, 2, [0, 1, 0, 0, 0]),
        Unary("GreaterOrEqual:number", x => Tensor.GreaterOrEqual(x, 0), x => x >= 0 ? 1 : 0, -2, 2, [0, 1, 0, 1, 1]),
        Unary("Equal:number", x => Tensor.Equal(x, 0), x => x == 0 ? 1 : 0, -2, 2, [0, 0, 0, 1, 1]),
        Unary("NotEqual:number", x => Tensor.NotEqual(x, 0), x => x != 0 ? 1 : 0, -2, 2, [1, 1, 1, 0, 0]),
        Unary("Where:number below", x => Tensor.Where(Tensor.Greater(x, 0), x, 0), x => x > 0 ? x : 0, -2, 2, [0, Inf, 0, 0, 0]),
        Unary("Where:number above", x => Tensor.Where(Tensor.Greater(x, 0), -1, x), x => x > 0 ? -1 : x, -2, 2, [Nan, -1, -Inf, 0, -0.0]),
        Unary("To", x => Tensor.Square(x.To(DType.Float64)), x => x * x, -2, 2, [Nan, Inf, Inf, 0, 0]),
    ];

    private static IEnumerable<OpCase> Binary =>
    [
        Pair("Add", (a, b) => a + b, (a, b) => a + b),
        Pair("Subtract", (a, b) => a - b, (a, b) => a - b),
        Pair("Multiply", (a, b) => a * b, (a, b) => a * b),
        Pair("Divide", (a, b) => a / b, (a, b) => a / b, 0.5, 3),
        Pair("Pow", Tensor.Pow, Math.Pow, 0.4, 2),
        Pair("Maximum", Tensor.Maximum, Math.Max),
        Pair("Minimum", Tensor.Minimum, Math.Min),
        Pair("Less", Tensor.Less, (a, b) => a < b ? 1 : 0),
        Pair("LessOrEqual", Tensor.LessOrEqual, (a, b) => a <= b ? 1 : 0),
        Pair("Greater", Tensor.Greater, (a, b) => a > b ? 1 : 0),
        Pair("GreaterOrEqual", Tensor.GreaterOrEqual, (a, b) => a >= b ? 1 : 0),
        Pair("Equal", Tensor.Equal, (a, b) => a == b ? 1 : 0),
        Pair("NotEqual", Tensor.NotEqual, (a, b) => a != b ? 1 : 0),
        new("Where", x => Tensor.Where(Tensor.Greater(x[0], 0), x[1], x[2]), x => NaiveArray.Broadcast(v => v[0] > 0 ? v[1] : v[2], x),
            [[[3, 4], [3, 4], [3, 4]], [[4], [3, 1], []], [[3, 1], [], [4]], [[], [2], [2]], [[0, 2], [2], [1]], [[1], [1], [1]], [[17], [17], [17]]])
        {
            GradientShapes = [[[3, 4], [3, 4], [3, 4]], [[4], [3, 1], []], [[3, 1], [], [4]], [[], [2], [2]], [[0, 2], [2], [1]]],
            Misfit = [[3, 4], [3], [4]],
        },
    ];
}
