using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

internal static unsafe partial class Elementwise
{
    /// <summary>a where the mask is not 0 (NaN too), b elsewhere.</summary>
    /// <param name="a">As long as the mask, or one number for all elements; likewise <paramref name="b"/>.</param>
    internal static void Choose<T>(ReadOnlySpan<T> mask, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
    {
        int count = mask.Length;
        if (y.Length < count || (a.Length < count && a.Length != 1) || (b.Length < count && b.Length != 1))
        {
            throw new ArgumentException($"Expected spans of {count} elements, got {a.Length}, {b.Length} and {y.Length}.");
        }

        fixed (T* from = mask, first = a, second = b, to = y)
        {
            int stepA = a.Length < count ? 0 : 1, stepB = b.Length < count ? 0 : 1;
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Choose<T, Vector512<T>, Lanes512<T>>(from, first, stepA, second, stepB, to, count);
                    break;
                case SimdLevel.Avx2:
                    Choose<T, Vector256<T>, Lanes256<T>>(from, first, stepA, second, stepB, to, count);
                    break;
                default:
                    Choose<T, Vector128<T>, Lanes128<T>>(from, first, stepA, second, stepB, to, count);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Choose<T, TVector, TLanes>(T* mask, T* a, int stepA, T* b, int stepB, T* y, int count)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector va = stepA == 0 && count > 0 ? TLanes.Broadcast(*a) : TLanes.Zero, vb = stepB == 0 && count > 0 ? TLanes.Broadcast(*b) : TLanes.Zero;
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            va = stepA == 0 ? va : TLanes.Load(a + i);
            vb = stepB == 0 ? vb : TLanes.Load(b + i);
            TLanes.Store(y + i, TLanes.Select(TLanes.AreEqual(TLanes.Load(mask + i), TLanes.Zero), vb, va));
        }

        if (i < count)
        {
            TVector rest = TLanes.Mask(count - i);
            va = stepA == 0 ? va : TLanes.LoadMasked(a + i, rest);
            vb = stepB == 0 ? vb : TLanes.LoadMasked(b + i, rest);
            TVector zero = TLanes.AreEqual(TLanes.LoadMasked(mask + i, rest), TLanes.Zero);
            TLanes.StorePart(y + i, TLanes.Select(zero, vb, va), count - i);
        }
    }
}
