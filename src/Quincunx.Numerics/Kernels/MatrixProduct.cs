using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Products of dense row-major matrices, <c>C = op(A) op(B)</c> with op the identity or the transpose.</summary>
/// <remarks>
/// Every element of C is one chain of multiply-adds over k in rising order: its bits depend on its row of A, its column of B and
/// on whether the processor fuses multiply-adds, but neither on the other rows and columns nor on the number of threads. NaN and
/// infinity propagate as in IEEE arithmetic; no factor zero is skipped. C must not overlap A, B or the bias.
/// One call is an exception, since one chain of fused multiply-adds is slower than the plain loop: <c>Multiply</c> to a single element
/// (m = n = 1) is the plain loop, with two roundings a term, below 32 terms, and from there on summed by the lanes of a register.
/// </remarks>
internal static unsafe class MatrixProduct
{
    // From this length on a product of one element is summed by lanes.
    private const int LongDot = 32;

    // Up to this number of multiply-adds, in chains up to this length, nothing beats plain loops.
    private const int FewTerms = 4;
    private const long FewLimit = 30;

    // A column times a row of fewer than this fills no register.
    private const int FewColumns = 8;

    // Two or three elements, or two by two, are so many chains side by side up to this length.
    private const int PairTerms = 16;

    // Up to this number of multiply-adds, describing the product would cost as much as the product.
    private const long SmallLimit = 64;

    // A thread is worth waking for about 50 microseconds of work.
    private const long ThreadLimit = 1 << 22;

    /// <summary>C [m, n] = op(A) [m, k] op(B) [k, n], added to C where <paramref name="accumulate"/>.</summary>
    /// <param name="transposeA">Whether A is stored as [k, m].</param>
    /// <param name="transposeB">Whether B is stored as [n, k].</param>
    /// <param name="threads">At most this many threads work; small products use one whatever it says.</param>
    /// <exception cref="ArgumentException">A span is shorter than its matrix.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply<T>(
        bool transposeA, bool transposeB, int m, int n, int k,
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, bool accumulate = false, int threads = 1)
        where T : unmanaged
    {
        long elements = (long)m * n;
        if ((m | n | k) < 0 || a.Length < (long)m * k || b.Length < (long)k * n || c.Length < elements)
        {
            Throw(m, n, k, a.Length, b.Length, c.Length);
        }

        if (elements == 1 && k < LongDot)
        {
            if (k == 1 && !accumulate)
            {
                Start(c) = Lanes128<T>.MultiplyAdd(Start(a), Start(b), default);
                return;
            }

            MatrixTiny.Dot(k, ref Start(a), ref Start(b), ref Start(c), accumulate);
        }
        else if (elements is 2 or 3 && k is > 0 and <= PairTerms)
        {
            // One of the operands is a single row or column, whose elements follow each other either way.
            if (m == 1)
            {
                Short(k, (int)elements, ref Start(a), ref Start(b), ref Start(c), interleaved: !transposeB, accumulate);
            }
            else
            {
                Short(k, (int)elements, ref Start(b), ref Start(a), ref Start(c), interleaved: transposeA, accumulate);
            }
        }
        else if (k is 1 or 2 && elements * k <= (k == 1 && n < FewColumns ? 2 * SmallLimit : FewLimit))
        {
            // A single column as a single row: the loop over columns has them all.
            if (k == 1)
            {
                if (n == 1)
                {
                    MatrixTiny.OneTerm(1, m, ref Start(b), ref Start(a), ref Start(c), accumulate);
                    return;
                }

                MatrixTiny.OneTerm(m, n, ref Start(a), ref Start(b), ref Start(c), accumulate);
            }
            else if (n == 1)
            {
                MatrixTiny.Terms<T, TwoTerms>(1, m, ref Start(b), ref Start(a), ref Start(c), !transposeB, !transposeA, accumulate);
            }
            else
            {
                MatrixTiny.Terms<T, TwoTerms>(m, n, ref Start(a), ref Start(b), ref Start(c), transposeA, transposeB, accumulate);
            }
        }
        else if (elements == 4 && m == 2 && k <= PairTerms)
        {
            MatrixTiny.Square(k, ref Start(a), ref Start(b), ref Start(c), transposeA, transposeB, accumulate);
        }
        else if (k is > 2 and <= FewTerms && elements * k <= FewLimit)
        {
            if (n == 1)
            {
                (n, m) = (m, 1);
                ReadOnlySpan<T> rows = a;
                a = b;
                b = rows;
                (transposeA, transposeB) = (!transposeB, !transposeA);
            }

            if (k == 3)
            {
                MatrixTiny.Terms<T, ThreeTerms>(m, n, ref Start(a), ref Start(b), ref Start(c), transposeA, transposeB, accumulate);
                return;
            }

            MatrixTiny.Terms<T, FourTerms>(m, n, ref Start(a), ref Start(b), ref Start(c), transposeA, transposeB, accumulate);
        }
        else if (elements * k <= SmallLimit && elements != 1)
        {
            MatrixSmall.Run(transposeA, transposeB, m, n, k, ref Start(a), ref Start(b), ref Start(c), accumulate);
        }
        else
        {
            Multiply(transposeA, transposeB, m, n, k, ref Start(a), ref Start(b), ref Start(c), accumulate, threads);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Short<T>(int k, int elements, ref T row, ref T others, ref T c, bool interleaved, bool accumulate)
        where T : unmanaged
    {
        if (elements == 2)
        {
            if (k <= 2)
            {
                MatrixTiny.ShortPair(k, ref row, ref others, ref c, interleaved, accumulate);
                return;
            }

            MatrixTiny.Pair(k, ref row, ref others, ref c, interleaved, accumulate);
        }
        else if (k <= 2)
        {
            MatrixTiny.ShortTriple(k, ref row, ref others, ref c, interleaved, accumulate);
        }
        else
        {
            MatrixTiny.Triple(k, ref row, ref others, ref c, interleaved, accumulate);
        }
    }

    private static ref T Start<T>(ReadOnlySpan<T> span) => ref MemoryMarshal.GetReference(span);

    // Apart, so that the smallest products do not pay for its frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Multiply<T>(
        bool transposeA, bool transposeB, int m, int n, int k, ref T a, ref T b, ref T c, bool accumulate, int threads)
        where T : unmanaged
    {
        fixed (T* pa = &a, pb = &b, pc = &c)
        {
            if (m == 1 && n == 1)
            {
                *pc = MatrixSmall.Dot(k, pa, pb, accumulate ? *pc : default);
                return;
            }

            MatrixWork.Run(Operands(transposeA, transposeB, m, n, k, pa, pb, pc, accumulate ? pc : null, n), Threads(m, n, k, 1, threads));
        }
    }

    /// <summary>C [m, n] = op(A) [m, k] op(B) [k, n] + bias [n], the bias added to every row.</summary>
    /// <remarks>The chain of an element starts from its bias.</remarks>
    internal static void MultiplyAddRow<T>(
        bool transposeA, bool transposeB, int m, int n, int k,
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> bias, Span<T> c, int threads = 1)
        where T : unmanaged
    {
        Check(m, n, k, a.Length, b.Length, c.Length);
        if (bias.Length < n)
        {
            throw new ArgumentException($"Expected a bias of at least {n} elements, got {bias.Length}.", nameof(bias));
        }

        fixed (T* pa = a, pb = b, pc = c, start = bias)
        {
            MatrixWork.Run(Operands(transposeA, transposeB, m, n, k, pa, pb, pc, start, 0), Threads(m, n, k, 1, threads));
        }
    }

    /// <summary>One product for each i below <paramref name="batch"/>, matrix i of an operand beginning at i times its stride.</summary>
    /// <param name="strideA">Elements from one A to the next; 0 uses the same A for all.</param>
    /// <param name="strideB">As for A.</param>
    /// <param name="strideC">At least m n, so that the results do not overlap.</param>
    internal static void MultiplyBatch<T>(
        bool transposeA, bool transposeB, int batch, int m, int n, int k,
        ReadOnlySpan<T> a, int strideA, ReadOnlySpan<T> b, int strideB, Span<T> c, int strideC,
        bool accumulate = false, int threads = 1)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(strideA);
        ArgumentOutOfRangeException.ThrowIfNegative(strideB);
        if (batch == 0 || m == 0 || n == 0)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(strideC, checked(m * n));
        int last = batch - 1;
        Check(m, n, k, a.Length - ((long)last * strideA), b.Length - ((long)last * strideB), c.Length - ((long)last * strideC));
        if (strideB == 0 && !transposeA && strideA == (long)m * k && strideC == (long)m * n)
        {
            // The rows of all products follow each other: one tall product, with the same bits.
            Multiply(transposeA: false, transposeB, batch * m, n, k, a, b, c, accumulate, threads);
            return;
        }

        fixed (T* pa = a, pb = b, pc = c)
        {
            MatrixWork.RunBatch(
                Operands(transposeA, transposeB, m, n, k, pa, pb, pc, accumulate ? pc : null, n),
                batch, strideA, strideB, strideC, Threads(m, n, k, batch, threads));
        }
    }

    /// <summary>The product as described, on the calling thread; nothing is checked.</summary>
    /// <remarks>For whoever multiplies parts of larger matrices, adds a bias to each row of C or wants relu behind it. C may be the start.</remarks>
    internal static void Run<T>(in MatrixOperands<T> x)
        where T : unmanaged
        => MatrixWork.Single(x);

    private static MatrixOperands<T> Operands<T>(
        bool transposeA, bool transposeB, int m, int n, int k, T* a, T* b, T* c, T* start, nint startRow)
        where T : unmanaged => new()
        {
            M = m,
            N = n,
            K = k,
            A = a,
            ARow = transposeA ? 1 : k,
            AStep = transposeA ? m : 1,
            B = b,
            BStep = transposeB ? 1 : n,
            BColumn = transposeB ? k : 1,
            C = c,
            CRow = n,
            Start = start,
            StartRow = startRow,
        };

    /// <summary>Threads that are worth their waking, at most as many as given.</summary>
    internal static int Threads(long m, long n, long k, long batch, int threads)
        => threads <= 1 ? 1 : (int)Math.Clamp(m * n * k * batch / (ThreadLimit / 2), 1, threads);

    private static void Check(int m, int n, int k, long a, long b, long c)
    {
        if ((m | n | k) < 0 || a < (long)m * k || b < (long)k * n || c < (long)m * n)
        {
            Throw(m, n, k, a, b, c);
        }
    }

    // Of one statement: the compiler sees that it does not return, and saves no registers around the call.
    private static void Throw(int m, int n, int k, long a, long b, long c) => throw Misfit(m, n, k, a, b, c);

    private static ArgumentException Misfit(int m, int n, int k, long a, long b, long c) => (m | n | k) < 0
        ? new ArgumentOutOfRangeException(nameof(m), $"Expected sizes m, n, k that are not negative, got {m}, {n}, {k}.")
        : new ArgumentException($"Expected at least {(long)m * k}, {(long)k * n} and {(long)m * n} elements of A, B and C, got {a}, {b} and {c}.");
}
