using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>1 / (1 + exp(-x)).</summary>
    public static Tensor Sigmoid(Tensor x) => Apply<SigmoidOperation>(x);

    /// <summary>log(1 + exp(x)), without overflow, and exact to the last digits for negative x.</summary>
    public static Tensor Softplus(Tensor x) => Apply<SoftplusOperation>(x);

    /// <summary>max(x, 0); the derivative at 0 is taken as 0.</summary>
    public static Tensor Relu(Tensor x) => Apply<ReluOperation>(x);

    /// <summary>x above 0, <paramref name="slope"/> · x elsewhere; the derivative at 0 is the slope.</summary>
    public static Tensor LeakyRelu(Tensor x, double slope = 0.01) => ApplyNumber<LeakyReluOperation>(x, slope);

    /// <summary>x above 0, <paramref name="alpha"/> (exp(x) - 1) elsewhere (Clevert et al. 2015, arXiv:1511.07289).</summary>
    public static Tensor Elu(Tensor x, double alpha = 1) => ApplyNumber<EluOperation>(x, alpha);

    /// <summary>x Φ(x) with the exact normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415); its limit 0 at -∞.</summary>
    public static Tensor Gelu(Tensor x) => Apply<GeluOperation>(x);

    /// <summary>x · sigmoid(x) (Elfwing et al. 2017, arXiv:1702.03118); its limit 0 at -∞.</summary>
    public static Tensor Silu(Tensor x) => Apply<SiluOperation>(x);

    private readonly struct SigmoidOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Sigmoid(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * y * (1 - y);
    }

    private readonly struct SoftplusOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Softplus(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Sigmoid(x);
    }

    private readonly struct ReluOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Relu(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => Apply<GateOperation>(gradient, x);
    }

    private readonly struct LeakyReluOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.LeakyRelu(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) =>
            Where(Greater(x, 0), gradient, gradient * number);
    }

    private readonly struct EluOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Elu(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => Where(Greater(x, 0), gradient, gradient * (y + number));
    }

    private readonly struct GeluOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Gelu(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) =>
            gradient * (NormalCdf(x) + (x * Exp(Square(x) * -0.5) * (1 / Math.Sqrt(2 * Math.PI))));
    }

    private readonly struct SiluOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Silu(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient)
        {
            Tensor s = Sigmoid(x);
            return gradient * (s + (y * (1 - s)));
        }
    }

    /// <summary>a where b is above 0 (or NaN), else 0: what the derivative of a rectifier does to a gradient a.</summary>
    private readonly struct GateOperation : ILanesOperation<Elementwise.GateLanes>
    {
        public static string Name => "Gate";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => Apply<GateOperation>(gradient, b);

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;
    }
}
