using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

/// <summary>An elementwise function of two tensors that is a function of registers.</summary>
internal interface ILanesOperation<TLanes> : IBinaryOperation
    where TLanes : struct, IBinaryLanes
{
    static void IBinaryOperation.Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => VectorLoop.Map<T, TLanes>(a, b, y);

    static void IBinaryOperation.Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y) => VectorLoop.Map<T, TLanes>(a, b, y);

    static void IBinaryOperation.Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y) => VectorLoop.Map<T, TLanes>(a, b, y);

    static void IBinaryOperation.Forward<T>(ReadOnlySpan<T> a, RowWalk walkA, ReadOnlySpan<T> b, RowWalk walkB, Span<T> y, int columns) =>
        VectorLoop.Map<T, TLanes>(a, walkA, b, walkB, y, columns);
}
