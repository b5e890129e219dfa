using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>w₀ x₀ + w₁ x₁ + …, in one pass over memory.</summary>
internal static unsafe class WeightedSum
{
    /// <summary>Overwrites y; the sum of an element is taken in the order of the terms.</summary>
    /// <param name="terms">Addresses of arrays that do not move, each as long as <paramref name="y"/>; at least one.</param>
    /// <param name="weights">As many, rounded to the element type.</param>
    /// <param name="y">May be one of the terms.</param>
    public static void Run<T>(ReadOnlySpan<nint> terms, ReadOnlySpan<double> weights, Span<T> y)
        where T : unmanaged
    {
        if (terms.Length != weights.Length || terms.IsEmpty)
        {
            throw new ArgumentException($"Expected as many terms as weights, and at least one, got {terms.Length} and {weights.Length}.");
        }

        fixed (nint* x = terms)
        fixed (double* w = weights)
        fixed (T* to = y)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Run<T, Vector512<T>, Lanes512<T>>((T**)x, w, terms.Length, to, y.Length);
                    break;
                case SimdLevel.Avx2:
                    Run<T, Vector256<T>, Lanes256<T>>((T**)x, w, terms.Length, to, y.Length);
                    break;
                default:
                    Run<T, Vector128<T>, Lanes128<T>>((T**)x, w, terms.Length, to, y.Length);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TVector, TLanes>(T** terms, double* weights, int count, T* y, int length)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TVector sum = TLanes.Multiply(TLanes.Constant((float)weights[0], weights[0]), TLanes.Load(terms[0] + i));
            for (int k = 1; k < count; k++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Constant((float)weights[k], weights[k]), TLanes.Load(terms[k] + i), sum);
            }

            TLanes.Store(y + i, sum);
        }

        if (i < length)
        {
            TVector mask = TLanes.Mask(length - i);
            TVector sum = TLanes.Multiply(TLanes.Constant((float)weights[0], weights[0]), TLanes.LoadMasked(terms[0] + i, mask));
            for (int k = 1; k < count; k++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Constant((float)weights[k], weights[k]), TLanes.LoadMasked(terms[k] + i, mask), sum);
            }

            TLanes.StorePart(y + i, sum, length - i);
        }
    }
}
