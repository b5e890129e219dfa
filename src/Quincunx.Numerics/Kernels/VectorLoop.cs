using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Runs a function over spans, whole registers first; the rest goes through a padded register, so that its bits are the same.</summary>
internal static class VectorLoop
{
    /// <summary>y = f(x); y may be x, but may not overlap it otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<T, TFunction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IVectorFunction<T>
    {
        Check(x.Length, y.Length);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            TFunction.Of(Vector.Create(x[i..])).CopyTo(y[i..]);
        }

        if (i < x.Length)
        {
            Span<T> lanes = stackalloc T[Vector<T>.Count];
            x[i..].CopyTo(lanes);
            TFunction.Of(Vector.Create<T>(lanes)).CopyTo(lanes);
            lanes[..(x.Length - i)].CopyTo(y[i..]);
        }
    }

    /// <summary>y = f(x, number); y may be x, but may not overlap it otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<T, TFunction>(ReadOnlySpan<T> x, T number, Span<T> y)
        where T : unmanaged
        where TFunction : struct, INumberVectorFunction<T>
    {
        Check(x.Length, y.Length);
        Vector<T> same = Vector.Create(number);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            TFunction.Of(Vector.Create(x[i..]), same).CopyTo(y[i..]);
        }

        if (i < x.Length)
        {
            Span<T> lanes = stackalloc T[Vector<T>.Count];
            x[i..].CopyTo(lanes);
            TFunction.Of(Vector.Create<T>(lanes), same).CopyTo(lanes);
            lanes[..(x.Length - i)].CopyTo(y[i..]);
        }
    }

    private static void Check(int from, int to)
    {
        if (to < from)
        {
            throw new ArgumentException($"Expected a target of at least {from} elements, got {to}.");
        }
    }
}
