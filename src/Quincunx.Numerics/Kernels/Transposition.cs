using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>Transposes matrices, square by square.</summary>
internal static unsafe class Transposition
{
    // Rows of x at a time: as many numbers are written to a row of y before the next ones, which are pages away.
    private const int Strip = 64;

    /// <summary>y [columns, rows] from x [rows, columns]; the two must not overlap.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns)
        where T : unmanaged
    {
        int count = rows * columns;
        if (x.Length < count || y.Length < count)
        {
            throw new ArgumentException($"Expected spans of {rows} x {columns} elements, got {x.Length} and {y.Length}.");
        }

        fixed (T* from = x, to = y)
        {
            if (rows == 1 || columns == 1)
            {
                x[..count].CopyTo(y);
            }
            else if (Simd.Level >= SimdLevel.Avx2 && typeof(T) == typeof(float))
            {
                Run<float, Square8>((float*)from, (float*)to, rows, columns);
            }
            else if (Simd.Level >= SimdLevel.Avx2 && typeof(T) == typeof(double))
            {
                Run<double, Square4>((double*)from, (double*)to, rows, columns);
            }
            else
            {
                OneByOne(from, to, rows, columns);
            }
        }
    }

    private static void Run<T, TBlock>(T* x, T* y, int rows, int columns)
        where T : unmanaged
        where TBlock : struct, ITransposeBlock<T>
    {
        if (rows >= TBlock.Side && columns >= TBlock.Side)
        {
            Large<T, TBlock>(x, y, rows, columns);
        }
        else if (rows >= TBlock.Side)
        {
            Narrow<T, TBlock>(x, y, rows, columns);
        }
        else if (columns >= TBlock.Side)
        {
            Low<T, TBlock>(x, y, rows, columns);
        }
        else
        {
            OneByOne(x, y, rows, columns);
        }
    }

    // The last squares are moved back to end at the edge, and copy some elements twice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Large<T, TBlock>(T* x, T* y, int rows, int columns)
        where T : unmanaged
        where TBlock : struct, ITransposeBlock<T>
    {
        for (int top = 0; top < rows; top += Strip)
        {
            int bottom = Math.Min(top + Strip, rows);
            for (int left = 0; left < columns; left += 2 * TBlock.Side)
            {
                // Two by two squares take whole lines of x and fill whole lines of y, one after another where rows of y share a place in the cache.
                int first = Math.Min(left, columns - TBlock.Side), second = Math.Min(left + TBlock.Side, columns - TBlock.Side);
                for (int i = top; i < bottom; i += 2 * TBlock.Side)
                {
                    int upper = Math.Min(i, rows - TBlock.Side), lower = Math.Min(i + TBlock.Side, rows - TBlock.Side);
                    T* source = x + ((nint)upper * columns), below = x + ((nint)lower * columns);
                    TBlock.Run(source + first, columns, y + ((nint)first * rows) + upper, rows);
                    TBlock.Run(below + first, columns, y + ((nint)first * rows) + lower, rows);
                    TBlock.Run(source + second, columns, y + ((nint)second * rows) + upper, rows);
                    TBlock.Run(below + second, columns, y + ((nint)second * rows) + lower, rows);
                }
            }
        }
    }

    // Fewer columns than a square has: it is read across the ends of rows, and what is read too much is left in the square.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void Narrow<T, TBlock>(T* x, T* y, int rows, int columns)
        where T : unmanaged
        where TBlock : struct, ITransposeBlock<T>
    {
        int side = TBlock.Side;
        T* square = stackalloc T[side * side];
        T* last = stackalloc T[2 * side * side];
        for (int i = 0; i < rows; i += side)
        {
            int from = Math.Min(i, rows - side);
            T* source = x + ((nint)from * columns);
            if (((from + side - 1) * columns) + side > rows * columns)
            {
                Unsafe.CopyBlockUnaligned(last, source, (uint)(side * columns * sizeof(T)));
                source = last;
            }

            TBlock.Run(source, columns, square, side);
            for (int j = 0; j < columns; j++)
            {
                Copy(square + (j * side), y + ((nint)j * rows) + from);
            }
        }
    }

    // Fewer rows than a square has: it is written across the ends of rows, and the next rows overwrite what was written too much.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void Low<T, TBlock>(T* x, T* y, int rows, int columns)
        where T : unmanaged
        where TBlock : struct, ITransposeBlock<T>
    {
        int side = TBlock.Side;
        T* square = stackalloc T[side * side];
        T* last = stackalloc T[2 * side * side];
        for (int j = 0; j < columns; j += side)
        {
            int from = Math.Min(j, columns - side);
            for (int i = 0; i < rows; i++)
            {
                Copy(x + ((nint)i * columns) + from, square + (i * side));
            }

            T* target = y + ((nint)from * rows);
            bool isInside = ((from + side - 1) * rows) + side <= rows * columns;
            TBlock.Run(square, side, isInside ? target : last, rows);
            if (!isInside)
            {
                Unsafe.CopyBlockUnaligned(target, last, (uint)(side * rows * sizeof(T)));
            }
        }
    }

    // Both squares have rows of 32 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* from, T* to)
        where T : unmanaged => Vector256.Load((byte*)from).Store((byte*)to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneByOne<T>(T* x, T* y, int rows, int columns)
        where T : unmanaged
    {
        const int Side = 16;
        for (int top = 0; top < rows; top += Side)
        {
            for (int left = 0; left < columns; left += Side)
            {
                int bottom = Math.Min(top + Side, rows), right = Math.Min(left + Side, columns);
                for (int j = left; j < right; j++)
                {
                    for (int i = top; i < bottom; i++)
                    {
                        y[((nint)j * rows) + i] = x[((nint)i * columns) + j];
                    }
                }
            }
        }
    }

    private readonly struct Square8 : ITransposeBlock<float>
    {
        public static int Side => 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(float* x, nint stepX, float* y, nint stepY)
        {
            Half(x, stepX, y, stepY);
            Half(x + 4, stepX, y + (4 * stepY), stepY);
        }

        // Four columns: rows i and i + 4 are the halves of a register, so that no element has to cross them.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Half(float* x, nint step, float* y, nint stepY)
        {
            Vector256<float> a = Rows(x, step), b = Rows(x + step, step), c = Rows(x + (2 * step), step), d = Rows(x + (3 * step), step);
            Vector256<float> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d);
            Avx.Shuffle(ab, cd, 0b01_00_01_00).Store(y);
            Avx.Shuffle(ab, cd, 0b11_10_11_10).Store(y + stepY);
            (ab, cd) = (Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d));
            Avx.Shuffle(ab, cd, 0b01_00_01_00).Store(y + (2 * stepY));
            Avx.Shuffle(ab, cd, 0b11_10_11_10).Store(y + (3 * stepY));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> Rows(float* x, nint step) => Vector256.Create(Vector128.Load(x), Vector128.Load(x + (4 * step)));
    }

    private readonly struct Square4 : ITransposeBlock<double>
    {
        public static int Side => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Run(double* x, nint stepX, double* y, nint stepY)
        {
            Vector256<double> a = Vector256.Load(x), b = Vector256.Load(x + stepX);
            Vector256<double> c = Vector256.Load(x + (2 * stepX)), d = Vector256.Load(x + (3 * stepX));
            Vector256<double> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d);
            Vector256<double> nextAb = Avx.UnpackHigh(a, b), nextCd = Avx.UnpackHigh(c, d);
            Avx.Permute2x128(ab, cd, 0x20).Store(y);
            Avx.Permute2x128(nextAb, nextCd, 0x20).Store(y + stepY);
            Avx.Permute2x128(ab, cd, 0x31).Store(y + (2 * stepY));
            Avx.Permute2x128(nextAb, nextCd, 0x31).Store(y + (3 * stepY));
        }
    }
}
