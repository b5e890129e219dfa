using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>Copies blocks of the operands of a matrix product into the order in which the tiles read them.</summary>
internal static unsafe class MatrixPacking
{
    /// <summary>
    /// Packs B(0..k, 0..n) into panels of <paramref name="width"/> columns, each <c>[k, width]</c>; the last one is only as wide
    /// as whole registers of <paramref name="lanes"/> columns need, the padding being of no account.
    /// </summary>
    public static void Columns<T>(T* b, nint bStep, nint bColumn, int k, int n, int width, int lanes, T* packed)
        where T : unmanaged
    {
        for (int j = 0; j < n; j += width)
        {
            int columns = Math.Min(width, n - j);
            int padded = PanelWidth(columns, lanes);
            T* source = b + (j * bColumn);
            if (bColumn == 1)
            {
                Copy(source, bStep, k, columns, packed, padded);
            }
            else
            {
                Transpose(source, bColumn, columns, k, packed, padded);
            }

            packed += (nint)k * padded;
        }
    }

    /// <summary>Packs the transpose of a row-major A(0..k, 0..m) into tiles <c>[k, rows]</c>, cut as <see cref="MatrixBlocks"/> does.</summary>
    public static void TransposedRows<T>(T* a, nint aStep, int k, int m, int tileRows, T* packed)
        where T : unmanaged
    {
        int tiles = (m + tileRows - 1) / tileRows;
        for (int tile = 0, first = 0; tile < tiles; tile++)
        {
            int rows = (m - first) / (tiles - tile);
            Move((byte*)(a + first), aStep * sizeof(T), k, rows * sizeof(T), (byte*)packed, rows * sizeof(T));
            packed += (nint)k * rows;
            first += rows;
        }
    }

    /// <summary>Elements between two rows that <see cref="Rows"/> leaves free, so that rows do not share the same few lines of a cache.</summary>
    public const int RowPadding = 16;

    /// <summary>Packs a row-major A(0..m, 0..k) into rows of k + <see cref="RowPadding"/> elements.</summary>
    public static void Rows<T>(T* a, nint aRow, int m, int k, T* packed)
        where T : unmanaged
        => Move((byte*)a, aRow * sizeof(T), m, k * sizeof(T), (byte*)packed, (k + RowPadding) * sizeof(T));

    /// <summary>Copies <paramref name="rows"/> rows and fills them with zeros up to the target's row length.</summary>
    public static void Copy<T>(T* source, nint sourceRow, int rows, int columns, T* target, int targetRow)
        where T : unmanaged
    {
        if (columns == targetRow)
        {
            Move((byte*)source, sourceRow * sizeof(T), rows, columns * sizeof(T), (byte*)target, targetRow * sizeof(T));
            return;
        }

        for (int p = 0; p < rows; p++)
        {
            Unsafe.CopyBlockUnaligned(target, source, (uint)(columns * sizeof(T)));
            for (int j = columns; j < targetRow; j++)
            {
                target[j] = default;
            }

            source += sourceRow;
            target += targetRow;
        }
    }

    /// <summary>Columns that a panel of <paramref name="columns"/> used columns holds.</summary>
    public static int PanelWidth(int columns, int lanes) => (columns + lanes - 1) / lanes * lanes;

    // Rows in rising order, all but the last in whole vectors: what runs over the end of a row reads from the next one and is
    // written where the next one follows, so both steps have to be at least a row's bytes and a row at least a vector's.
    private static void Move(byte* source, nint sourceStep, int rows, int bytes, byte* target, nint targetStep)
    {
        if (bytes >= Vector256<byte>.Count)
        {
            for (; rows > 1; rows--)
            {
                for (int i = 0; i < bytes; i += Vector256<byte>.Count)
                {
                    Vector256.Load(source + i).Store(target + i);
                }

                source += sourceStep;
                target += targetStep;
            }
        }

        for (; rows > 0; rows--)
        {
            Unsafe.CopyBlockUnaligned(target, source, (uint)bytes);
            source += sourceStep;
            target += targetStep;
        }
    }

    // target[p, j] = source[j, p]; what is behind the last column repeats it.
    private static void Transpose<T>(T* source, nint sourceRow, int columns, int k, T* target, int targetRow)
        where T : unmanaged
    {
        int block = Vector256<T>.Count, last = columns - 1;
        if (!Avx.IsSupported || k < block || targetRow % block != 0)
        {
            for (int j = 0; j < targetRow; j++)
            {
                T* row = source + (Math.Min(j, last) * sourceRow);
                for (int p = 0; p < k; p++)
                {
                    target[((nint)p * targetRow) + j] = row[p];
                }
            }

            return;
        }

        T** rows = stackalloc T*[8];
        for (int j = 0; j < targetRow; j += block)
        {
            for (int i = 0; i < block; i++)
            {
                rows[i] = source + (Math.Min(j + i, last) * sourceRow);
            }

            // The last block goes back over what is done already, so that all are whole.
            for (int p = 0; p < k; p += block)
            {
                int from = Math.Min(p, k - block);
                T* to = target + ((nint)from * targetRow) + j;
                if (typeof(T) == typeof(float))
                {
                    Half4((float**)rows, from, (float*)to, targetRow);
                    Half4((float**)rows, from + 4, (float*)to + (4 * targetRow), targetRow);
                }
                else
                {
                    Block4((double**)rows, from, (double*)to, targetRow);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(double** s, nint p, double* t, nint targetRow)
    {
        Vector256<double> r0 = Vector256.Load(s[0] + p), r1 = Vector256.Load(s[1] + p), r2 = Vector256.Load(s[2] + p), r3 = Vector256.Load(s[3] + p);
        Vector256<double> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<double> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(low01, low23, 0x20).Store(t);
        Avx.Permute2x128(high01, high23, 0x20).Store(t + targetRow);
        Avx.Permute2x128(low01, low23, 0x31).Store(t + (2 * targetRow));
        Avx.Permute2x128(high01, high23, 0x31).Store(t + (3 * targetRow));
    }

    // Four elements of eight rows. Rows i and i + 4 share a register, so that only shuffles within 128 bits remain.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half4(float** s, nint p, float* t, nint targetRow)
    {
        Vector256<float> r0 = Vector256.Create(Vector128.Load(s[0] + p), Vector128.Load(s[4] + p));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(s[1] + p), Vector128.Load(s[5] + p));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(s[2] + p), Vector128.Load(s[6] + p));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(s[3] + p), Vector128.Load(s[7] + p));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(t);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(t + targetRow);
        Avx.UnpackLow(high01, high23).AsSingle().Store(t + (2 * targetRow));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(t + (3 * targetRow));
    }
}
