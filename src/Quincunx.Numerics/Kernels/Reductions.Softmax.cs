using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

internal static unsafe partial class Reductions
{
    /// <summary>exp(x - largest) / Σ exp(x - largest) of each row of x [rows, length]; NaN where the largest is infinite.</summary>
    /// <param name="y">May be x, but may not overlap it otherwise.</param>
    internal static void Softmax<T>(ReadOnlySpan<T> x, int rows, int length, Span<T> y)
        where T : unmanaged
    {
        if (x.Length < rows * length || y.Length < rows * length)
        {
            throw new ArgumentException($"Expected spans of at least {rows} x {length} elements, got {x.Length} and {y.Length}.");
        }

        fixed (T* from = x, to = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Softmax<T, Vector512<T>, Lanes512<T>>(from, rows, length, to);
                    break;
                case SimdLevel.Avx2:
                    Softmax<T, Vector256<T>, Lanes256<T>>(from, rows, length, to);
                    break;
                default:
                    Softmax<T, Vector128<T>, Lanes128<T>>(from, rows, length, to);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Softmax<T, TVector, TLanes>(T* x, int rows, int length, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (int row = 0; row < rows; row++, x += length, y += length)
        {
            TVector largest = TLanes.Broadcast(OfRow<T, TVector, TLanes, MaxLanes>(x, x, length, default));
            ExpOfRow<T, TVector, TLanes>(x, largest, length, y);
            TVector sum = TLanes.Broadcast(OfRow<T, TVector, TLanes, SumLanes>(y, y, length, default));
            for (int j = 0; j < length; j += TLanes.Count)
            {
                StoreSome<T, TVector, TLanes>(y + j, TLanes.Divide(LoadSome<T, TVector, TLanes>(y + j, length - j), sum), length - j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ExpOfRow<T, TVector, TLanes>(T* x, TVector largest, int length, T* y)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        for (int j = 0; j < length; j += TLanes.Count)
        {
            TVector power = TLanes.Subtract(LoadSome<T, TVector, TLanes>(x + j, length - j), largest);
            StoreSome<T, TVector, TLanes>(y + j, VectorMath<T, TVector, TLanes>.Exp(power), length - j);
        }
    }
}
