using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>Derivatives in sixteen directions: two registers of 512 bits, or four of 256, whichever the processor has.</summary>
[InlineArray(Count)]
public struct Tangent16 : ITangent<Tangent16>
{
    private const int Count = 16;

    private double _first;

    /// <inheritdoc/>
    public static int Directions => Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent16 Scale(double a, Tangent16 x)
    {
        Unsafe.SkipInit(out Tangent16 y);
        if (Vector512.IsHardwareAccelerated)
        {
            var factor = Vector512.Create(a);
            Put(ref y, 0, factor * Wide(in x, 0));
            Put(ref y, 8, factor * Wide(in x, 8));
        }
        else
        {
            var factor = Vector256.Create(a);
            Put(ref y, 0, factor * Half(in x, 0));
            Put(ref y, 4, factor * Half(in x, 4));
            Put(ref y, 8, factor * Half(in x, 8));
            Put(ref y, 12, factor * Half(in x, 12));
        }

        return y;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent16 Combine(double a, Tangent16 x, double b, Tangent16 y)
    {
        Unsafe.SkipInit(out Tangent16 z);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<double> first = Vector512.Create(a), second = Vector512.Create(b);
            Put(ref z, 0, Vector512.MultiplyAddEstimate(first, Wide(in x, 0), second * Wide(in y, 0)));
            Put(ref z, 8, Vector512.MultiplyAddEstimate(first, Wide(in x, 8), second * Wide(in y, 8)));
        }
        else
        {
            Vector256<double> first = Vector256.Create(a), second = Vector256.Create(b);
            Put(ref z, 0, Vector256.MultiplyAddEstimate(first, Half(in x, 0), second * Half(in y, 0)));
            Put(ref z, 4, Vector256.MultiplyAddEstimate(first, Half(in x, 4), second * Half(in y, 4)));
            Put(ref z, 8, Vector256.MultiplyAddEstimate(first, Half(in x, 8), second * Half(in y, 8)));
            Put(ref z, 12, Vector256.MultiplyAddEstimate(first, Half(in x, 12), second * Half(in y, 12)));
        }

        return z;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent16 Add(Tangent16 x, Tangent16 y)
    {
        Unsafe.SkipInit(out Tangent16 z);
        if (Vector512.IsHardwareAccelerated)
        {
            Put(ref z, 0, Wide(in x, 0) + Wide(in y, 0));
            Put(ref z, 8, Wide(in x, 8) + Wide(in y, 8));
        }
        else
        {
            Put(ref z, 0, Half(in x, 0) + Half(in y, 0));
            Put(ref z, 4, Half(in x, 4) + Half(in y, 4));
            Put(ref z, 8, Half(in x, 8) + Half(in y, 8));
            Put(ref z, 12, Half(in x, 12) + Half(in y, 12));
        }

        return z;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent16 Subtract(Tangent16 x, Tangent16 y)
    {
        Unsafe.SkipInit(out Tangent16 z);
        if (Vector512.IsHardwareAccelerated)
        {
            Put(ref z, 0, Wide(in x, 0) - Wide(in y, 0));
            Put(ref z, 8, Wide(in x, 8) - Wide(in y, 8));
        }
        else
        {
            Put(ref z, 0, Half(in x, 0) - Half(in y, 0));
            Put(ref z, 4, Half(in x, 4) - Half(in y, 4));
            Put(ref z, 8, Half(in x, 8) - Half(in y, 8));
            Put(ref z, 12, Half(in x, 12) - Half(in y, 12));
        }

        return z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Wide(in Tangent16 x, nuint at) =>
        Vector512.LoadUnsafe(ref Unsafe.As<Tangent16, double>(ref Unsafe.AsRef(in x)), at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Half(in Tangent16 x, nuint at) =>
        Vector256.LoadUnsafe(ref Unsafe.As<Tangent16, double>(ref Unsafe.AsRef(in x)), at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref Tangent16 x, nuint at, Vector512<double> value) => value.StoreUnsafe(ref Unsafe.As<Tangent16, double>(ref x), at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref Tangent16 x, nuint at, Vector256<double> value) => value.StoreUnsafe(ref Unsafe.As<Tangent16, double>(ref x), at);
}
