using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <content>Rows of attention's scores, in place: a softmax that knows of what is hidden, and its derivative.</content>
internal static unsafe partial class Reductions
{
    /// <summary>Each row of s becomes the softmax of <c>s · scale + bias</c> over what is not hidden; 0 throughout where all of a row is.</summary>
    /// <param name="s">Shape <c>[rows, length]</c>.</param>
    /// <param name="bias">Null for none. An entry of -∞ hides.</param>
    /// <param name="biasRow">Elements from one row's to the next's.</param>
    /// <param name="biasStep">1, or 0 where one number stands for a row.</param>
    /// <param name="mask">0 hides; null for none.</param>
    internal static void AttentionWeights<T>(
        T* s, int rows, int length, T scale, T* bias, nint biasRow, int biasStep, T* mask, nint maskRow, int maskStep)
        where T : unmanaged
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                AttentionWeights<T, Vector512<T>, Lanes512<T>>(s, rows, length, scale, bias, biasRow, biasStep, mask, maskRow, maskStep);
                break;
            case SimdLevel.Avx2:
                AttentionWeights<T, Vector256<T>, Lanes256<T>>(s, rows, length, scale, bias, biasRow, biasStep, mask, maskRow, maskStep);
                break;
            default:
                AttentionWeights<T, Vector128<T>, Lanes128<T>>(s, rows, length, scale, bias, biasRow, biasStep, mask, maskRow, maskStep);
                break;
        }
    }

    /// <summary>Each row of g, a gradient in the weights w, becomes that in the scores, <c>w (g - Σ w g)</c>, times a scale.</summary>
    /// <param name="plain">Where the gradient goes without the scale; null where nobody wants it.</param>
    internal static void AttentionWeightsBack<T>(T* w, T* g, int rows, int length, T scale, T* plain)
        where T : unmanaged
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                AttentionWeightsBack<T, Vector512<T>, Lanes512<T>>(w, g, rows, length, scale, plain);
                break;
            case SimdLevel.Avx2:
                AttentionWeightsBack<T, Vector256<T>, Lanes256<T>>(w, g, rows, length, scale, plain);
                break;
            default:
                AttentionWeightsBack<T, Vector128<T>, Lanes128<T>>(w, g, rows, length, scale, plain);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AttentionWeights<T, TVector, TLanes>(
        T* s, int rows, int length, T scale, T* bias, nint biasRow, int biasStep, T* mask, nint maskRow, int maskStep)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        if (length <= TLanes.Count)
        {
            ShortAttentionWeights<T, TVector, TLanes>(s, rows, length, TLanes.Broadcast(scale), bias, biasRow, biasStep, mask, maskRow, maskStep);
            return;
        }

        for (int row = 0; row < rows; row++, s += length, bias += biasRow, mask += maskRow)
        {
            TVector largest = Scores<T, TVector, TLanes>(s, length, TLanes.Broadcast(scale), bias, biasStep, mask, maskStep);
            T top = TLanes.MaxOfLanes(largest);
            largest = TLanes.Broadcast(top);
            if (TLanes.All(TLanes.AreEqual(largest, TLanes.NegativeInfinity)))
            {
                new Span<T>(s, length).Clear();
                continue;
            }

            ExpOfRow<T, TVector, TLanes>(s, largest, length, s);
            TVector share = TLanes.Divide(TLanes.Constant(1, 1), TLanes.Broadcast(OfRow<T, TVector, TLanes, SumLanes>(s, s, length, default)));
            for (int j = 0; j < length; j += TLanes.Count)
            {
                StoreSome<T, TVector, TLanes>(s + j, TLanes.Multiply(LoadSome<T, TVector, TLanes>(s + j, length - j), share), length - j);
            }
        }
    }

    // Rows that fit a register never leave it: sets of a few particles are most of what there is. The order of the sum is that of longer rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ShortAttentionWeights<T, TVector, TLanes>(
        T* s, int rows, int length, TVector scale, T* bias, nint biasRow, int biasStep, T* mask, nint maskRow, int maskStep)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector lanes = TLanes.Mask(length);
        for (int row = 0; row < rows; row++, s += length, bias += biasRow, mask += maskRow)
        {
            TVector score = TLanes.Select(lanes, Score<T, TVector, TLanes>(s, length, scale, bias, biasStep, mask, maskStep), TLanes.NegativeInfinity);
            TVector largest = TLanes.Broadcast(TLanes.MaxOfLanes(score));
            TVector power = VectorMath<T, TVector, TLanes>.Exp(TLanes.Subtract(score, largest));
            power = TLanes.Multiply(power, TLanes.Divide(TLanes.Constant(1, 1), TLanes.Broadcast(TLanes.SumOfLanes(power))));
            StoreSome<T, TVector, TLanes>(s, TLanes.AndNot(power, TLanes.AreEqual(largest, TLanes.NegativeInfinity)), length);
        }
    }

    // A register of scores, of which so many lanes exist.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Score<T, TVector, TLanes>(T* s, int left, TVector scale, T* bias, int biasStep, T* mask, int maskStep)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector score = TLanes.Multiply(LoadSome<T, TVector, TLanes>(s, left), scale);
        if (bias != null)
        {
            score = TLanes.Add(score, biasStep == 0 ? TLanes.Broadcast(*bias) : LoadSome<T, TVector, TLanes>(bias, left));
        }

        if (mask != null)
        {
            TVector shown = maskStep == 0 ? TLanes.Broadcast(*mask) : LoadSome<T, TVector, TLanes>(mask, left);
            score = TLanes.Select(TLanes.AreEqual(shown, TLanes.Zero), TLanes.NegativeInfinity, score);
        }

        return score;
    }

    // The scores of a row in place, and their largest, lane by lane.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TVector Scores<T, TVector, TLanes>(T* s, int length, TVector scale, T* bias, int biasStep, T* mask, int maskStep)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector largest = TLanes.NegativeInfinity;
        for (int j = 0; j < length; j += TLanes.Count)
        {
            int left = length - j;
            TVector score = Score<T, TVector, TLanes>(s + j, left, scale, bias == null ? null : bias + (j * biasStep), biasStep, mask == null ? null : mask + (j * maskStep), maskStep);
            StoreSome<T, TVector, TLanes>(s + j, score, left);
            largest = TLanes.Max(largest, left >= TLanes.Count ? score : TLanes.Select(TLanes.Mask(left), score, TLanes.NegativeInfinity));
        }

        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AttentionWeightsBack<T, TVector, TLanes>(T* w, T* g, int rows, int length, T scale, T* plain)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector factor = TLanes.Broadcast(scale);
        if (length <= TLanes.Count)
        {
            TVector lanes = TLanes.Mask(length);
            for (int row = 0; row < rows; row++, w += length, g += length)
            {
                TVector weight = TLanes.LoadMasked(w, lanes), from = TLanes.LoadMasked(g, lanes);
                TVector along = TLanes.Broadcast(TLanes.SumOfLanes(TLanes.Multiply(weight, from)));
                TVector slope = TLanes.Multiply(weight, TLanes.Subtract(from, along));
                StoreSome<T, TVector, TLanes>(g, TLanes.Multiply(slope, factor), length);
                if (plain != null)
                {
                    StoreSome<T, TVector, TLanes>(plain, slope, length);
                    plain += length;
                }
            }

            return;
        }

        for (int row = 0; row < rows; row++, w += length, g += length)
        {
            TVector along = TLanes.Broadcast(OfRow<T, TVector, TLanes, ProductLanes>(w, g, length, default));
            for (int j = 0; j < length; j += TLanes.Count)
            {
                int left = length - j;
                TVector slope = TLanes.Subtract(LoadSome<T, TVector, TLanes>(g + j, left), along);
                slope = TLanes.Multiply(LoadSome<T, TVector, TLanes>(w + j, left), slope);
                if (plain != null)
                {
                    StoreSome<T, TVector, TLanes>(plain + j, slope, left);
                }

                StoreSome<T, TVector, TLanes>(g + j, TLanes.Multiply(slope, factor), left);
            }

            plain = plain == null ? null : plain + length;
        }
    }
}
