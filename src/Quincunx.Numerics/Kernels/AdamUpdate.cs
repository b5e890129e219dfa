using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>One step of Adam for an array of weights: weight, gradient and both moments in one pass.</summary>
/// <param name="Gain1">1 - β₁.</param>
/// <param name="Gain2">1 - β₂.</param>
/// <param name="Rate">The learning rate with the correction of the mean, η / (1 - β₁ᵗ).</param>
/// <param name="Root">The correction of the mean square's root, 1 / √(1 - β₂ᵗ).</param>
/// <param name="Epsilon">Added to that root.</param>
/// <param name="Keep">Share of each weight that its decay leaves.</param>
internal readonly unsafe record struct AdamUpdate(double Gain1, double Gain2, double Rate, double Root, double Epsilon, double Keep)
{
    // In elements: the processor does not run far enough ahead of seven streams by itself.
    private const int Ahead = 512;

    /// <summary>Overwrites weights and moments. Four spans of one length, none of which overlap.</summary>
    /// <remarks>Each operation is rounded by itself, so that a weight's bits depend neither on its place nor on the processor.</remarks>
    public void Run<T>(Span<T> weight, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> square)
        where T : unmanaged
    {
        if (gradient.Length != weight.Length || mean.Length != weight.Length || square.Length != weight.Length)
        {
            throw new ArgumentException($"Expected {weight.Length} elements in each span, got {gradient.Length}, {mean.Length} and {square.Length}.");
        }

        fixed (T* w = weight, g = gradient, m = mean, v = square)
        {
            switch (Simd.Level)
            {
                case SimdLevel.Avx512:
                    Run<T, Vector512<T>, Lanes512<T>>(w, g, m, v, weight.Length);
                    break;
                case SimdLevel.Avx2:
                    Run<T, Vector256<T>, Lanes256<T>>(w, g, m, v, weight.Length);
                    break;
                default:
                    Run<T, Vector128<T>, Lanes128<T>>(w, g, m, v, weight.Length);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Run<T, TVector, TLanes>(T* weight, T* gradient, T* mean, T* square, int count)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector gain1 = TLanes.Constant((float)Gain1, Gain1), gain2 = TLanes.Constant((float)Gain2, Gain2);
        TVector rate = TLanes.Constant((float)Rate, Rate), root = TLanes.Constant((float)Root, Root);
        TVector epsilon = TLanes.Constant((float)Epsilon, Epsilon), keep = TLanes.Constant((float)Keep, Keep);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            int left = count - i;
            bool whole = left >= TLanes.Count;
            Prefetch(gradient + i + Ahead);
            Prefetch(mean + i + Ahead);
            Prefetch(square + i + Ahead);
            Prefetch(weight + i + Ahead);
            TVector mask = whole ? TLanes.Zero : TLanes.Mask(left);
            TVector g = whole ? TLanes.Load(gradient + i) : TLanes.LoadMasked(gradient + i, mask);
            TVector m = whole ? TLanes.Load(mean + i) : TLanes.LoadMasked(mean + i, mask);
            TVector v = whole ? TLanes.Load(square + i) : TLanes.LoadMasked(square + i, mask);
            TVector w = whole ? TLanes.Load(weight + i) : TLanes.LoadMasked(weight + i, mask);
            m = TLanes.Add(m, TLanes.Multiply(gain1, TLanes.Subtract(g, m)));
            v = TLanes.Add(v, TLanes.Multiply(gain2, TLanes.Subtract(TLanes.Multiply(g, g), v)));
            TVector size = TLanes.Add(TLanes.Multiply(root, TLanes.SquareRoot(v)), epsilon);
            w = TLanes.Subtract(TLanes.Multiply(keep, w), TLanes.Divide(TLanes.Multiply(rate, m), size));
            if (whole)
            {
                TLanes.Store(mean + i, m);
                TLanes.Store(square + i, v);
                TLanes.Store(weight + i, w);
            }
            else
            {
                TLanes.StorePart(mean + i, m, left);
                TLanes.StorePart(square + i, v, left);
                TLanes.StorePart(weight + i, w, left);
            }
        }
    }

    // A hint, for which no address is wrong.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
