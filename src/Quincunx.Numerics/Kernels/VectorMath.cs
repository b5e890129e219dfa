using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Elementary functions of a vector register of float or double, accurate to a few units in the last place.</summary>
/// <remarks>
/// TensorPrimitives has most of these, but its exp(0) is not 1 in float, its logarithm errs by 2.5 units near 1, and its tanh
/// and expm1 lose all digits near 0. The series are Taylor's after argument reduction (W. J. Cody and W. Waite 1980, Software Manual for
/// the Elementary Functions), long enough to leave less than a tenth of a unit. The functions are generic, with the branches on
/// the type decided by the compiler.
/// </remarks>
internal static partial class VectorMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    internal static Vector<T> Constant<T>(double value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? Vector.As<float, T>(Vector.Create((float)value)) : Vector.As<double, T>(Vector.Create(value));

    [MethodImpl(Inline)]
    private static Vector<T> Constant<T>(float forSingle, double forDouble)
        where T : unmanaged => Constant<T>(typeof(T) == typeof(float) ? forSingle : forDouble);

    /// <summary>a * b + c, with one rounding where the processor can.</summary>
    [MethodImpl(Inline)]
    internal static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged
        => typeof(T) == typeof(float)
            ? Vector.As<float, T>(Vector.MultiplyAddEstimate(Vector.As<T, float>(a), Vector.As<T, float>(b), Vector.As<T, float>(c)))
            : Vector.As<double, T>(Vector.MultiplyAddEstimate(Vector.As<T, double>(a), Vector.As<T, double>(b), Vector.As<T, double>(c)));

    /// <summary>Σ c[i] xⁱ as two interleaved chains, which halves the wait for the multiplier.</summary>
    [MethodImpl(Inline)]
    private static Vector<T> Polynomial<T>(ReadOnlySpan<T> c, Vector<T> x)
        where T : unmanaged
    {
        Vector<T> square = x * x;
        int i = (c.Length - 1) & ~1;
        Vector<T> even = Vector.Create(c[i]);
        Vector<T> odd = i + 1 < c.Length ? Vector.Create(c[i + 1]) : Vector<T>.Zero;
        for (i -= 2; i >= 0; i -= 2)
        {
            even = MultiplyAdd(even, square, Vector.Create(c[i]));
            odd = MultiplyAdd(odd, square, Vector.Create(c[i + 1]));
        }

        return MultiplyAdd(odd, x, even);
    }

    /// <summary>The one of the two tables that has the type; both are constant data.</summary>
    [MethodImpl(Inline)]
    private static ReadOnlySpan<T> Table<T>(ReadOnlySpan<float> forSingle, ReadOnlySpan<double> forDouble)
        where T : unmanaged
        => typeof(T) == typeof(float) ? MemoryMarshal.Cast<float, T>(forSingle) : MemoryMarshal.Cast<double, T>(forDouble);
}
