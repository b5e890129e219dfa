using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Monotone rational-quadratic splines with linear tails, one for each element of every example, and their derivatives.</summary>
/// <remarks>
/// Durkan, Bekasov, Murray and Papamakarios 2019, "Neural spline flows", arXiv:1906.04032, equations 4 to 8. An element's raw
/// parameters are K widths, K heights and K - 1 inner slopes; softmax and softplus make knots of them. Outside ±bound the
/// map is the identity. NaN in gives NaN out; ±∞ maps to itself with log-derivative 0.
/// <para>Examples lie along the last axis, so that a register holds one quantity of several examples; an example's bits do not depend on
/// its place. Spans may not overlap.</para>
/// </remarks>
internal static unsafe class RationalQuadraticKernel
{
    /// <summary>No bin is narrower or lower than this share of the whole, and no slope smaller: so log-derivatives stay bounded.</summary>
    public const double SmallestShare = 1e-3, SmallestSlope = 1e-3;

    // Exponentials of a tile of columns, in registers: 16 KiB, so that they and what is read and written beside them stay in the nearest cache.
    private const int RegistersOfTile = 256;

    // Pieces are kept for whole registers of any width.
    private const int WidestRegister = 16;

    /// <summary>More bins would leave nothing but smallest shares.</summary>
    public const int MostBins = 999;

    /// <summary>Raw slope parameter added so that a raw 0 means slope 1: softplus⁻¹(1 - <see cref="SmallestSlope"/>) = log(exp(0.999) - 1).</summary>
    public const double SlopeShift = 0.5397424172369522;

    /// <summary>Raw parameters an element: 3K - 1.</summary>
    public static int ParametersPerElement(int bins) => (3 * bins) - 1;

    /// <summary>Numbers that <see cref="Forward"/> keeps for the way back.</summary>
    public static int PieceLength(int d, int n) =>
        checked(d * RationalQuadraticPiece<float, Register<float, Vector128<float>, Lanes128<float>>>.Rows * ((n + WidestRegister - 1) / WidestRegister * WidestRegister));

    /// <summary>y = f(x), and Σ log f′ over the elements of each example.</summary>
    /// <param name="d">Elements of an example.</param>
    /// <param name="n">Examples.</param>
    /// <param name="x">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">Shape <c>[d (3K - 1), n]</c>.</param>
    /// <param name="result">Shape <c>[d + 1, n]</c>: y, and the sums in the last row.</param>
    /// <param name="pieces"><see cref="PieceLength"/> numbers for <see cref="Backward"/>; empty if nobody goes that way.</param>
    public static void Forward<T>(int d, int n, int bins, double bound, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, Span<T> result, Span<T> pieces)
        where T : unmanaged => Map<T, Numbers.N0>(d, n, bins, bound, x, raw, result, pieces);

    /// <summary>x = f⁻¹(y), and Σ log f′(x) over the elements of each example.</summary>
    /// <inheritdoc cref="Forward"/>
    public static void Inverse<T>(int d, int n, int bins, double bound, ReadOnlySpan<T> y, ReadOnlySpan<T> raw, Span<T> result)
        where T : unmanaged => Map<T, Numbers.N1>(d, n, bins, bound, y, raw, result, []);

    /// <summary>Gradients of Σ gradient · <see cref="Forward"/> with respect to x and the raw parameters.</summary>
    /// <param name="pieces">From <see cref="Forward"/>.</param>
    /// <param name="gradient">Shape <c>[d + 1, n]</c>.</param>
    /// <param name="gradientX">Shape <c>[d, n]</c>, overwritten.</param>
    /// <param name="gradientRaw">Shape <c>[d (3K - 1), n]</c>, overwritten.</param>
    /// <inheritdoc cref="Forward"/>
    public static void Backward<T>(
        int d, int n, int bins, double bound, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, ReadOnlySpan<T> pieces, ReadOnlySpan<T> gradient,
        Span<T> gradientX, Span<T> gradientRaw)
        where T : unmanaged
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                BackwardRegisters<T, Register<T, Vector512<T>, Lanes512<T>>>(d, n, bins, bound, x, raw, pieces, gradient, gradientX, gradientRaw);
                break;
            case SimdLevel.Avx2:
                BackwardRegisters<T, Register<T, Vector256<T>, Lanes256<T>>>(d, n, bins, bound, x, raw, pieces, gradient, gradientX, gradientRaw);
                break;
            default:
                BackwardRegisters<T, Register<T, Vector128<T>, Lanes128<T>>>(d, n, bins, bound, x, raw, pieces, gradient, gradientX, gradientRaw);
                break;
        }
    }

    private static void Map<T, TInverse>(
        int d, int n, int bins, double bound, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, Span<T> result, Span<T> pieces)
        where T : unmanaged
        where TInverse : struct, INumber
    {
        switch (Simd.Level)
        {
            case SimdLevel.Avx512:
                MapRegisters<T, Register<T, Vector512<T>, Lanes512<T>>, TInverse>(d, n, bins, bound, x, raw, result, pieces);
                break;
            case SimdLevel.Avx2:
                MapRegisters<T, Register<T, Vector256<T>, Lanes256<T>>, TInverse>(d, n, bins, bound, x, raw, result, pieces);
                break;
            default:
                MapRegisters<T, Register<T, Vector128<T>, Lanes128<T>>, TInverse>(d, n, bins, bound, x, raw, result, pieces);
                break;
        }
    }

    private static void MapRegisters<T, TRegister, TInverse>(
        int d, int n, int bins, double bound, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, Span<T> result, Span<T> pieces)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
        where TInverse : struct, INumber
    {
        if (n >= TRegister.Count)
        {
            fixed (T* xs = x, raws = raw, results = result, kept = pieces)
            {
                MapColumns<T, TRegister, TInverse>(d, n, bins, bound, xs, raws, results, kept);
            }
        }
        else if (n > 0)
        {
            var narrow = new NarrowColumns<T>(n, TRegister.Count, x.Length + raw.Length + result.Length);
            T* results = narrow.Room(result);
            fixed (T* kept = pieces)
            {
                MapColumns<T, TRegister, TInverse>(d, TRegister.Count, bins, bound, narrow.Copy(x), narrow.Copy(raw), results, kept);
            }

            narrow.Return(results, result);
        }
    }

    private static void BackwardRegisters<T, TRegister>(
        int d, int n, int bins, double bound, ReadOnlySpan<T> x, ReadOnlySpan<T> raw, ReadOnlySpan<T> pieces, ReadOnlySpan<T> gradient,
        Span<T> gradientX, Span<T> gradientRaw)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
    {
        if (n >= TRegister.Count)
        {
            fixed (T* xs = x, raws = raw, kept = pieces, incoming = gradient, toX = gradientX, toRaw = gradientRaw)
            {
                BackwardColumns<T, TRegister>(d, n, bins, bound, xs, raws, kept, incoming, toX, toRaw);
            }
        }
        else if (n > 0)
        {
            var narrow = new NarrowColumns<T>(n, TRegister.Count, (2 * (x.Length + raw.Length)) + gradient.Length);
            T* toX = narrow.Room(gradientX), toRaw = narrow.Room(gradientRaw);
            fixed (T* kept = pieces)
            {
                BackwardColumns<T, TRegister>(d, TRegister.Count, bins, bound, narrow.Copy(x), narrow.Copy(raw), kept, narrow.Copy(gradient), toX, toRaw);
            }

            narrow.Return(toX, gradientX);
            narrow.Return(toRaw, gradientRaw);
        }
    }

    private static void MapColumns<T, TRegister, TInverse>(int d, nint n, int bins, double bound, T* x, T* raw, T* result, T* pieces)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
        where TInverse : struct, INumber
    {
        int tileRegisters = TileRegisters(bins), rows = RationalQuadraticPiece<T, TRegister>.Rows;
        nint parameters = ParametersPerElement(bins) * n, registers = (n + TRegister.Count - 1) / TRegister.Count, tileColumns = tileRegisters * TRegister.Count;
        T* exponentials = (T*)Workspace.First(((2 * bins) + 1 + rows) * tileColumns * sizeof(T));
        T* sums = exponentials + (2 * bins * tileColumns), own = sums + tileColumns;
        for (nint from = 0; from < n; from += tileColumns)
        {
            var tile = new ColumnTile(n, from, nint.Min(n, from + tileColumns));
            new Span<T>(sums, (int)tileColumns).Clear();
            for (nint i = 0; i < d; i++)
            {
                T* piece = pieces is null ? own : pieces + (((i * registers * TRegister.Count) + from) * rows);
                RationalQuadraticPiece<T, TRegister>.Find<TInverse>(tile, x + (i * n), 0.5 / bound, raw + (i * parameters), bins, exponentials, piece);
                RationalQuadraticValue<T, TRegister>.Map<TInverse>(tile, x + (i * n), bound, piece, result + (i * n), sums);
            }

            T* sum = sums;
            for (nint at = from; at < tile.To; at += TRegister.Count)
            {
                TRegister.Load(sum).Store(result + (d * n) + nint.Min(at, n - TRegister.Count));
                sum += TRegister.Count;
            }
        }
    }

    private static void BackwardColumns<T, TRegister>(
        int d, nint n, int bins, double bound, T* x, T* raw, T* pieces, T* gradient, T* gradientX, T* gradientRaw)
        where T : unmanaged
        where TRegister : struct, IRegister<TRegister, T>
    {
        nint parameters = ParametersPerElement(bins) * n, registers = (n + TRegister.Count - 1) / TRegister.Count, tileColumns = TileRegisters(bins) * TRegister.Count;
        T* scratch = (T*)Workspace.First(RationalQuadraticGradient<T, TRegister>.Rows * tileColumns * sizeof(T));
        for (nint from = 0; from < n; from += tileColumns)
        {
            var tile = new ColumnTile(n, from, nint.Min(n, from + tileColumns));
            for (nint i = 0; i < d; i++)
            {
                T* piece = pieces + (((i * registers * TRegister.Count) + from) * RationalQuadraticPiece<T, TRegister>.Rows);
                RationalQuadraticGradient<T, TRegister>.Of(
                    tile, x + (i * n), raw + (i * parameters), bins, bound, piece, gradient + (i * n), gradient + (d * n), scratch,
                    gradientX + (i * n), gradientRaw + (i * parameters));
            }
        }
    }

    private static int TileRegisters(int bins) => Math.Max(1, RegistersOfTile / (2 * bins));
}
