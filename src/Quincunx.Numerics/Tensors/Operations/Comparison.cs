using System.Numerics;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    // Comparisons give 1 where they hold and 0 elsewhere, in the operands' element type, and have no derivative. As IEEE 754 says,
    // NaN is not equal to anything, so only NotEqual holds for it.

    /// <summary>1 where a &lt; b, else 0.</summary>
    public static Tensor Less(Tensor a, Tensor b) => Apply<ComparisonOperation<LessLanes>>(a, b);

    /// <summary>1 where x &lt; number, else 0.</summary>
    public static Tensor Less(Tensor x, double number) => ApplyNumber<ComparisonOperation<LessLanes>>(x, number);

    /// <summary>1 where a &lt;= b, else 0.</summary>
    public static Tensor LessOrEqual(Tensor a, Tensor b) => Apply<ComparisonOperation<LessOrEqualLanes>>(a, b);

    /// <summary>1 where x &lt;= number, else 0.</summary>
    public static Tensor LessOrEqual(Tensor x, double number) => ApplyNumber<ComparisonOperation<LessOrEqualLanes>>(x, number);

    /// <summary>1 where a &gt; b, else 0.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => Apply<ComparisonOperation<GreaterLanes>>(a, b);

    /// <summary>1 where x &gt; number, else 0.</summary>
    public static Tensor Greater(Tensor x, double number) => ApplyNumber<ComparisonOperation<GreaterLanes>>(x, number);

    /// <summary>1 where a &gt;= b, else 0.</summary>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => Apply<ComparisonOperation<GreaterOrEqualLanes>>(a, b);

    /// <summary>1 where x &gt;= number, else 0.</summary>
    public static Tensor GreaterOrEqual(Tensor x, double number) => ApplyNumber<ComparisonOperation<GreaterOrEqualLanes>>(x, number);

    /// <summary>1 where a == b, else 0.</summary>
    public static Tensor Equal(Tensor a, Tensor b) => Apply<ComparisonOperation<EqualLanes>>(a, b);

    /// <summary>1 where x == number, else 0.</summary>
    public static Tensor Equal(Tensor x, double number) => ApplyNumber<ComparisonOperation<EqualLanes>>(x, number);

    /// <summary>1 where a != b, else 0.</summary>
    public static Tensor NotEqual(Tensor a, Tensor b) => Apply<ComparisonOperation<NotEqualLanes>>(a, b);

    /// <summary>1 where x != number, else 0.</summary>
    public static Tensor NotEqual(Tensor x, double number) => ApplyNumber<ComparisonOperation<NotEqualLanes>>(x, number);

    private readonly struct ComparisonOperation<TLanes> : IBinaryOperation, INumberOperation
        where TLanes : struct, IBinaryLanes
    {
        public static string Name => typeof(TLanes).Name[..^"Lanes".Length];

        public static bool IsFlat => true;

        public static void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => LaneLoop.Run<T, TLanes>(a, b, y);

        public static void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => LaneLoop.Run<T, TLanes>(a, b, y);

        public static void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => LaneLoop.Run<T, TLanes>(a, b, y);

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => null;
    }

    private readonly struct LessLanes : IBinaryLanes
    {
        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b)
            where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThan(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of<T>(T a, T b)
            where T : unmanaged, IFloatingPointIeee754<T> => a < b ? T.One : T.Zero;
    }

    private readonly struct LessOrEqualLanes : IBinaryLanes
    {
        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b)
            where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThanOrEqual(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of<T>(T a, T b)
            where T : unmanaged, IFloatingPointIeee754<T> => a <= b ? T.One : T.Zero;
    }

    private readonly struct GreaterLanes : IBinaryLanes
    {
        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b)
            where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.GreaterThan(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of<T>(T a, T b)
            where T : unmanaged, IFloatingPointIeee754<T> => a > b ? T.One : T.Zero;
    }

    private readonly struct GreaterOrEqualLanes : IBinaryLanes
    {
        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b)
            where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.GreaterThanOrEqual(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of<T>(T a, T b)
            where T : unmanaged, IFloatingPointIeee754<T> => a >= b ? T.One : T.Zero;
    }

    private readonly struct EqualLanes : IBinaryLanes
    {
        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b)
            where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.Equals(a, b), Vector<T>.One, Vector<T>.Zero);

        public static T Of<T>(T a, T b)
            where T : unmanaged, IFloatingPointIeee754<T> => a == b ? T.One : T.Zero;
    }

    private readonly struct NotEqualLanes : IBinaryLanes
    {
        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b)
            where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.Equals(a, b), Vector<T>.Zero, Vector<T>.One);

        public static T Of<T>(T a, T b)
            where T : unmanaged, IFloatingPointIeee754<T> => a != b ? T.One : T.Zero;
    }
}
