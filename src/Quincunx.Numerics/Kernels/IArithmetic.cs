namespace Quincunx.Numerics.Kernels;

/// <summary>An operation on two numbers, for spans of them and for a span with one number; the target may be an operand.</summary>
internal interface IArithmetic<T>
    where T : unmanaged
{
    static abstract void Of(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y);

    static abstract void Of(ReadOnlySpan<T> a, T b, Span<T> y);

    static abstract void Of(T a, ReadOnlySpan<T> b, Span<T> y);
}
