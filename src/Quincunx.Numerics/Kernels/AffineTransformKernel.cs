using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>y = x exp(s) + t for each element of every example, with s = largest · tanh(raw / largest), and the derivatives.</summary>
/// <remarks>
/// Examples lie along the last axis, so that a register holds one quantity of several examples; an example's bits do not depend on
/// its place. Spans may not overlap. NaN gives NaN. Exponentials are computed again on the way back, which is cheaper than to keep them.
/// </remarks>
internal static unsafe class AffineTransformKernel
{
    /// <summary>y, and Σ s over the elements of each example.</summary>
    /// <param name="d">Elements of an example.</param>
    /// <param name="n">Examples.</param>
    /// <param name="x">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">Shape <c>[2 d, n]</c>: for each element the row of t and that of the raw s.</param>
    /// <param name="result">Shape <c>[d + 1, n]</c>: y, and the sums in the last row.</param>
    public static void Forward<T>(int d, int n, double largest, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, Span<T> result)
        where T : unmanaged => Map<T, Numbers.N0>(d, n, largest, x, raw, result);

    /// <summary>x = (y - t) exp(-s), and Σ s over the elements of each example.</summary>
    /// <inheritdoc cref="Forward"/>
    public static void Inverse<T>(int d, int n, double largest, ReadOnlySpan<T> y, ReadOnlySpan<T> raw, Span<T> result)
        where T : unmanaged => Map<T, Numbers.N1>(d, n, largest, y, raw, result);

    /// <summary>Gradients of Σ gradient · <see cref="Forward"/> with respect to x and the raw parameters.</summary>
    /// <param name="gradient">Shape <c>[d + 1, n]</c>.</param>
    /// <param name="gradientX">Shape <c>[d, n]</c>, overwritten.</param>
    /// <param name="gradientRaw">Shape <c>[2 d, n]</c>, overwritten.</param>
    /// <inheritdoc cref="Forward"/>
    public static void Backward<T>(
        int d, int n, double largest, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, ReadOnlySpan<T> gradient, Span<T> gradientX, Span<T> gradientRaw)
        where T : unmanaged
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                BackwardRegisters<T, Register<T, Vector512<T>, Lanes512<T>>>(d, n, largest, x, raw, gradient, gradientX, gradientRaw);
                break;
            case SimdLevel.Avx2:
                BackwardRegisters<T, Register<T, Vector256<T>, Lanes256<T>>>(d, n, largest, x, raw, gradient, gradientX, gradientRaw);
                break;
            default:
                BackwardRegisters<T, Register<T, Vector128<T>, Lanes128<T>>>(d, n, largest, x, raw, gradient, gradientX, gradientRaw);
                break;
        }
    }

    private static void Map<T, TInverse>(int d, int n, double largest, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, Span<T> result)
        where T : unmanaged
        where TInverse : struct, INumber
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                MapRegisters<T, Register<T, Vector512<T>, Lanes512<T>>, TInverse>(d, n, largest, x, raw, result);
                break;
            case SimdLevel.Avx2:
                MapRegisters<T, Register<T, Vector256<T>, Lanes256<T>>, TInverse>(d, n, largest, x, raw, result);
                break;
            default:
                MapRegisters<T, Register<T, Vector128<T>, Lanes128<T>>, TInverse>(d, n, largest, x, raw, result);
                break;
        }
    }

    private static void MapRegisters<T, TRegister, TInverse>(int d, int n, double largest, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, Span<T> result)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
        where TInverse : struct, INumber
    {
        if (n >= TRegister.Count)
        {
            fixed (T* xs = x, raws = raw, results = result)
            {
                MapColumns<T, TRegister, TInverse>(d, n, largest, xs, raws, results);
            }
        }
        else if (n > 0)
        {
            var narrow = new NarrowColumns<T>(n, TRegister.Count, x.Length + raw.Length + result.Length);
            T* room = narrow.Room(result);
            MapColumns<T, TRegister, TInverse>(d, TRegister.Count, largest, narrow.Copy(x), narrow.Copy(raw), room);
            narrow.Return(room, result);
        }
    }

    private static void BackwardRegisters<T, TRegister>(
        int d, int n, double largest, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, ReadOnlySpan<T> gradient, Span<T> gradientX, Span<T> gradientRaw)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
    {
        if (n >= TRegister.Count)
        {
            fixed (T* xs = x, raws = raw, incoming = gradient, toX = gradientX, toRaw = gradientRaw)
            {
                BackwardColumns<T, TRegister>(d, n, largest, xs, raws, incoming, toX, toRaw);
            }
        }
        else if (n > 0)
        {
            var narrow = new NarrowColumns<T>(n, TRegister.Count, (2 * (x.Length + raw.Length)) + gradient.Length);
            T* toX = narrow.Room(gradientX), toRaw = narrow.Room(gradientRaw);
            BackwardColumns<T, TRegister>(d, TRegister.Count, largest, narrow.Copy(x), narrow.Copy(raw), narrow.Copy(gradient), toX, toRaw);
            narrow.Return(toX, gradientX);
            narrow.Return(toRaw, gradientRaw);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MapColumns<T, TRegister, TInverse>(int d, nint n, double largest, T* x, T* raw, T* result)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
        where TInverse : struct, INumber
    {
        TRegister limit = TRegister.Of(largest), inverseLimit = TRegister.Of(1 / largest);
        for (nint start = 0; start < n; start += TRegister.Count)
        {
            // The last register overlaps the one before.
            nint column = nint.Min(start, n - TRegister.Count);
            TRegister sum = TRegister.Of(0);
            for (nint i = 0; i < d; i++)
            {
                TRegister value = TRegister.Load(x + (i * n) + column), shift = TRegister.Load(raw + (2 * i * n) + column);
                TRegister log = limit * TRegister.Tanh(inverseLimit * TRegister.Load(raw + (((2 * i) + 1) * n) + column));
                TRegister scale = TRegister.Exp(TInverse.Value == 1 ? -log : log);
                (TInverse.Value == 1 ? (value - shift) * scale : TRegister.MultiplyAdd(value, scale, shift)).Store(result + (i * n) + column);
                sum += log;
            }

            sum.Store(result + (d * n) + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void BackwardColumns<T, TRegister>(int d, nint n, double largest, T* x, T* raw, T* gradient, T* gradientX, T* gradientRaw)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
    {
        TRegister one = TRegister.Of(1), limit = TRegister.Of(largest), inverseLimit = TRegister.Of(1 / largest);
        for (nint start = 0; start < n; start += TRegister.Count)
        {
            nint column = nint.Min(start, n - TRegister.Count);
            TRegister gradientLog = TRegister.Load(gradient + (d * n) + column);
            for (nint i = 0; i < d; i++)
            {
                nint shift = (2 * i * n) + column, log = shift + n;
                TRegister tanh = TRegister.Tanh(inverseLimit * TRegister.Load(raw + log)), incoming = TRegister.Load(gradient + (i * n) + column);
                TRegister byX = incoming * TRegister.Exp(limit * tanh);
                byX.Store(gradientX + (i * n) + column);
                incoming.Store(gradientRaw + shift);
                TRegister byLog = TRegister.MultiplyAdd(byX, TRegister.Load(x + (i * n) + column), gradientLog);
                (byLog * TRegister.MultiplyAdd(-tanh, tanh, one)).Store(gradientRaw + log);
            }
        }
    }
}
