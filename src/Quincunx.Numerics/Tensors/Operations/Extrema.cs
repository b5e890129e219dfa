using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>|x|; the derivative at 0 is taken as 0.</summary>
    public static Tensor Abs(Tensor x) => Apply<AbsOperation>(x);

    /// <summary>-1, 0 or 1; NaN for NaN. Its derivative is 0.</summary>
    public static Tensor Sign(Tensor x) => Apply<SignOperation>(x);

    /// <summary>The larger of the two, NaN where either is NaN. Where they are equal, each gets half of the gradient.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Apply<MaximumOperation>(a, b);

    /// <summary>The larger of the two, NaN for NaN. Where they are equal, the tensor gets the whole gradient.</summary>
    public static Tensor Maximum(Tensor x, double number) => ApplyNumber<MaximumNumberOperation>(x, number);

    /// <summary>The smaller of the two, NaN where either is NaN. Where they are equal, each gets half of the gradient.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Apply<MinimumOperation>(a, b);

    /// <summary>The smaller of the two, NaN for NaN. Where they are equal, the tensor gets the whole gradient.</summary>
    public static Tensor Minimum(Tensor x, double number) => ApplyNumber<MinimumNumberOperation>(x, number);

    /// <summary>x, moved to the nearer end where it is outside [low, high]; NaN stays. The derivative is 1 inside and at the ends.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is above <paramref name="high"/>, or NaN.</exception>
    public static Tensor Clamp(Tensor x, double low, double high) =>
        low <= high
            ? Minimum(Maximum(x, low), high)
            : throw new ArgumentException($"Expected low <= high, got [{low}, {high}].", nameof(low));

    private readonly struct AbsOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Abs(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => gradient * Sign(x);
    }

    private readonly struct SignOperation : IUnaryOperation
    {
        public static bool IsFlat => true;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.SignLanes>(x, T.Zero, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => null;
    }

    private readonly struct MaximumOperation : ILanesOperation<Elementwise.MaximumLanes>
    {
        public static string Name => "Maximum";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * Apply<PrecedenceOperation>(a, b);

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * Apply<PrecedenceOperation>(b, a);
    }

    private readonly struct MinimumOperation : ILanesOperation<Elementwise.MinimumLanes>
    {
        public static string Name => "Minimum";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * Apply<PrecedenceOperation>(b, a);

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * Apply<PrecedenceOperation>(a, b);
    }

    private readonly struct MaximumNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.MaximumLanes>(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => KeepWhere(gradient, GreaterOrEqual(x, number));
    }

    private readonly struct MinimumNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.MinimumLanes>(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => KeepWhere(gradient, LessOrEqual(x, number));
    }

    /// <summary>1 where a is above b, ½ where they are equal, 0 elsewhere.</summary>
    private readonly struct PrecedenceOperation : ILanesOperation<Elementwise.PrecedenceLanes>
    {
        public static string Name => "Precedence";

        public static bool IsFlat => true;

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;
    }
}
