using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>The arithmetic of a pass: results k of the butterfly over elements a₀ … of each column, times the root of unity that belongs to k.</summary>
internal static unsafe class FftButterflies
{
    /// <summary>From x to the other buffers.</summary>
    /// <param name="stride">Columns of a row: whole registers.</param>
    public static void Run<T, TVector, TLanes>(FftPass<T> pass, FftBuffers<T> x, int stride)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        fixed (T* real = pass.Real, imaginary = pass.Imaginary, unitReal = pass.UnitReal, unitImaginary = pass.UnitImaginary)
        {
            switch (pass.Radix)
            {
                case 2:
                    Two<T, TVector, TLanes>(x, real, imaginary, pass.Count, stride);
                    break;
                case 4:
                    Four<T, TVector, TLanes>(x, real, imaginary, pass.Count, stride);
                    break;
                default:
                    Any<T, TVector, TLanes>(x, real, imaginary, unitReal, unitImaginary, pass.Radix, pass.Count, stride);
                    break;
            }
        }
    }

    /// <summary>x becomes x w, element by element.</summary>
    public static void Multiply<T>(Span<T> real, Span<T> imaginary, ReadOnlySpan<T> rootReal, ReadOnlySpan<T> rootImaginary)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= real.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> a = new(real[i..]), b = new(imaginary[i..]), c = new(rootReal[i..]), s = new(rootImaginary[i..]);
            ((a * c) - (b * s)).CopyTo(real[i..]);
            ((a * s) + (b * c)).CopyTo(imaginary[i..]);
        }

        for (; i < real.Length; i++)
        {
            (T a, T b) = (real[i], imaginary[i]);
            real[i] = (a * rootReal[i]) - (b * rootImaginary[i]);
            imaginary[i] = (a * rootImaginary[i]) + (b * rootReal[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T, TVector, TLanes>(FftBuffers<T> x, T* rootReal, T* rootImaginary, int count, int stride)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        nint half = (nint)count * stride;
        for (int p = 0; p < count; p++)
        {
            TVector c = TLanes.Broadcast(rootReal[(2 * p) + 1]), s = TLanes.Broadcast(rootImaginary[(2 * p) + 1]);
            T* re = x.Real + ((nint)p * stride), im = x.Imaginary + ((nint)p * stride);
            T* toRe = x.OtherReal + ((nint)p * 2 * stride), toIm = x.OtherImaginary + ((nint)p * 2 * stride);
            for (nint q = 0; q < stride; q += TLanes.Count)
            {
                TVector a = TLanes.Load(re + q), b = TLanes.Load(im + q), d = TLanes.Load(re + q + half), e = TLanes.Load(im + q + half);
                TLanes.Store(toRe + q, TLanes.Add(a, d));
                TLanes.Store(toIm + q, TLanes.Add(b, e));
                Turn<T, TVector, TLanes>(TLanes.Subtract(a, d), TLanes.Subtract(b, e), c, s, toRe + q + stride, toIm + q + stride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<T, TVector, TLanes>(FftBuffers<T> x, T* rootReal, T* rootImaginary, int count, int stride)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        nint part = (nint)count * stride;
        for (int p = 0; p < count; p++)
        {
            T* root = rootReal + (4 * p), rootI = rootImaginary + (4 * p);
            TVector c1 = TLanes.Broadcast(root[1]), s1 = TLanes.Broadcast(rootI[1]), c2 = TLanes.Broadcast(root[2]), s2 = TLanes.Broadcast(rootI[2]);
            TVector c3 = TLanes.Broadcast(root[3]), s3 = TLanes.Broadcast(rootI[3]);
            T* re = x.Real + ((nint)p * stride), im = x.Imaginary + ((nint)p * stride);
            T* toRe = x.OtherReal + ((nint)p * 4 * stride), toIm = x.OtherImaginary + ((nint)p * 4 * stride);
            for (nint q = 0; q < stride; q += TLanes.Count)
            {
                TVector a0 = TLanes.Load(re + q), a1 = TLanes.Load(re + q + part), a2 = TLanes.Load(re + q + (2 * part)), a3 = TLanes.Load(re + q + (3 * part));
                TVector b0 = TLanes.Load(im + q), b1 = TLanes.Load(im + q + part), b2 = TLanes.Load(im + q + (2 * part)), b3 = TLanes.Load(im + q + (3 * part));
                TVector evenA = TLanes.Add(a0, a2), evenB = TLanes.Add(b0, b2), crossA = TLanes.Subtract(a0, a2), crossB = TLanes.Subtract(b0, b2);
                TVector oddA = TLanes.Add(a1, a3), oddB = TLanes.Add(b1, b3);

                // -i (a₁ - a₃) is (b₁ - b₃) - i (a₁ - a₃).
                TVector quarterA = TLanes.Subtract(b1, b3), quarterB = TLanes.Subtract(a3, a1);
                TLanes.Store(toRe + q, TLanes.Add(evenA, oddA));
                TLanes.Store(toIm + q, TLanes.Add(evenB, oddB));
                T* intoRe = toRe + q + stride, intoIm = toIm + q + stride;
                Turn<T, TVector, TLanes>(TLanes.Add(crossA, quarterA), TLanes.Add(crossB, quarterB), c1, s1, intoRe, intoIm);
                Turn<T, TVector, TLanes>(TLanes.Subtract(evenA, oddA), TLanes.Subtract(evenB, oddB), c2, s2, intoRe + stride, intoIm + stride);
                Turn<T, TVector, TLanes>(
                    TLanes.Subtract(crossA, quarterA), TLanes.Subtract(crossB, quarterB), c3, s3, intoRe + (2 * (nint)stride), intoIm + (2 * (nint)stride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Any<T, TVector, TLanes>(
        FftBuffers<T> x, T* rootReal, T* rootImaginary, T* unitReal, T* unitImaginary, int radix, int count, int stride)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        nint part = (nint)count * stride;
        for (int p = 0; p < count; p++)
        {
            for (int k = 0; k < radix; k++)
            {
                TVector c = TLanes.Broadcast(rootReal[(p * radix) + k]), s = TLanes.Broadcast(rootImaginary[(p * radix) + k]);
                nint to = (((nint)p * radix) + k) * stride;
                for (nint q = 0; q < stride; q += TLanes.Count)
                {
                    T* re = x.Real + ((nint)p * stride) + q, im = x.Imaginary + ((nint)p * stride) + q;
                    TVector a = TLanes.Load(re), b = TLanes.Load(im);
                    for (int j = 1; j < radix; j++)
                    {
                        TVector u = TLanes.Broadcast(unitReal[(j * radix) + k]), v = TLanes.Broadcast(unitImaginary[(j * radix) + k]);
                        TVector d = TLanes.Load(re + (j * part)), e = TLanes.Load(im + (j * part));
                        a = TLanes.MultiplyAdd(u, d, TLanes.MultiplyAdd(TLanes.Negate(v), e, a));
                        b = TLanes.MultiplyAdd(u, e, TLanes.MultiplyAdd(v, d, b));
                    }

                    Turn<T, TVector, TLanes>(a, b, c, s, x.OtherReal + to + q, x.OtherImaginary + to + q);
                }
            }
        }
    }

    // (a + ib) (c + is)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<T, TVector, TLanes>(TVector a, TVector b, TVector c, TVector s, T* toReal, T* toImaginary)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TLanes.Store(toReal, TLanes.MultiplyAdd(a, c, TLanes.Negate(TLanes.Multiply(b, s))));
        TLanes.Store(toImaginary, TLanes.MultiplyAdd(a, s, TLanes.Multiply(b, c)));
    }
}
