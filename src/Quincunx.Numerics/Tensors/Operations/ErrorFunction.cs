using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>2/√π ∫₀ˣ exp(-t²) dt.</summary>
    public static Tensor Erf(Tensor x) => Apply<ErfOperation>(x);

    /// <summary>Φ(x), the distribution function of the standard normal, with full relative accuracy in both tails.</summary>
    public static Tensor NormalCdf(Tensor x) => Apply<NormalCdfOperation>(x);

    private readonly struct ErfOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Erf(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Exp(-Square(x)) * (2 / Math.Sqrt(Math.PI));
    }

    private readonly struct NormalCdfOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.NormalCdf(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Exp(Square(x) * -0.5) * (1 / Math.Sqrt(2 * Math.PI));
    }
}
