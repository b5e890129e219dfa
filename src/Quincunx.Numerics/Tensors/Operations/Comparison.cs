using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    // Comparisons give 1 where they hold and 0 elsewhere, in the operands' element type, and have no derivative. As IEEE 754 says,
    // NaN is not equal to anything, so only NotEqual holds for it.

    /// <summary>1 where a &lt; b, else 0.</summary>
    public static Tensor Less(Tensor a, Tensor b) => Apply<ComparisonOperation<Elementwise.LessLanes>>(a, b);

    /// <summary>1 where x &lt; number, else 0.</summary>
    public static Tensor Less(Tensor x, double number) => ApplyNumber<ComparisonOperation<Elementwise.LessLanes>>(x, number);

    /// <summary>1 where a &lt;= b, else 0.</summary>
    public static Tensor LessOrEqual(Tensor a, Tensor b) => Apply<ComparisonOperation<Elementwise.LessOrEqualLanes>>(a, b);

    /// <summary>1 where x &lt;= number, else 0.</summary>
    public static Tensor LessOrEqual(Tensor x, double number) => ApplyNumber<ComparisonOperation<Elementwise.LessOrEqualLanes>>(x, number);

    /// <summary>1 where a &gt; b, else 0.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => Apply<ComparisonOperation<Elementwise.GreaterLanes>>(a, b);

    /// <summary>1 where x &gt; number, else 0.</summary>
    public static Tensor Greater(Tensor x, double number) => ApplyNumber<ComparisonOperation<Elementwise.GreaterLanes>>(x, number);

    /// <summary>1 where a &gt;= b, else 0.</summary>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Apply<ComparisonOperation<Elementwise.GreaterOrEqualLanes>>(a, b);

    /// <summary>1 where x &gt;= number, else 0.</summary>
    public static Tensor GreaterOrEqual(Tensor x, double number) => ApplyNumber<ComparisonOperation<Elementwise.GreaterOrEqualLanes>>(x, number);

    /// <summary>1 where a == b, else 0.</summary>
    public static Tensor Equal(Tensor a, Tensor b) => Apply<ComparisonOperation<Elementwise.EqualLanes>>(a, b);

    /// <summary>1 where x == number, else 0.</summary>
    public static Tensor Equal(Tensor x, double number) => ApplyNumber<ComparisonOperation<Elementwise.EqualLanes>>(x, number);

    /// <summary>1 where a != b, else 0.</summary>
    public static Tensor NotEqual(Tensor a, Tensor b) => Apply<ComparisonOperation<Elementwise.NotEqualLanes>>(a, b);

    /// <summary>1 where x != number, else 0.</summary>
    public static Tensor NotEqual(Tensor x, double number) => ApplyNumber<ComparisonOperation<Elementwise.NotEqualLanes>>(x, number);

    private readonly struct ComparisonOperation<TLanes> : ILanesOperation<TLanes>, INumberOperation
        where TLanes : struct, IBinaryLanes
    {
        public static string Name => typeof(TLanes).Name[..^"Lanes".Length];

        public static bool IsFlat => true;

        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, TLanes>(x, number, y);

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => null;
    }
}
