using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quincunx.Numerics.Kernels;

/// <summary>Copies blocks of the operands of a matrix product into the order in which the tiles read them.</summary>
internal static unsafe class MatrixPacking
{
    /// <summary>
    /// Packs B(0..k, 0..n) into panels of <paramref name="width"/> columns, each <c>[k, width]</c>; the last one is only as wide
    /// as whole registers of <paramref name="lanes"/> columns need, padded with zeros.
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

    // target[p, j] = source[j, p] for j below columns, and zero up to targetRow.
    private static void Transpose<T>(T* source, nint sourceRow, int columns, int k, T* target, int targetRow)
        where T : unmanaged
    {
        int block = Avx.IsSupported ? Vector256<T>.Count : int.MaxValue;
        int j = 0;
        for (; j <= columns - block; j += block)
        {
            T* row = source + (j * sourceRow);
            int p = 0;
            for (; p <= k - block; p += block)
            {
                Block(row + p, sourceRow, target + ((nint)p * targetRow) + j, targetRow);
            }

            for (; p < k; p++)
            {
                for (int i = 0; i < block; i++)
                {
                    target[((nint)p * targetRow) + j + i] = row[(i * sourceRow) + p];
                }
            }
        }

        for (; j < targetRow; j++)
        {
            T* row = source + (j * sourceRow);
            for (int p = 0; p < k; p++)
            {
                target[((nint)p * targetRow) + j] = j < columns ? row[p] : default;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<T>(T* source, nint sourceRow, T* target, nint targetRow)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Block8((float*)source, sourceRow, (float*)target, targetRow);
        }
        else
        {
            Block4((double*)source, sourceRow, (double*)target, targetRow);
        }
    }

    private static void Block4(double* s, nint sourceRow, double* t, nint targetRow)
    {
        Vector256<double> r0 = Vector256.Load(s), r1 = Vector256.Load(s + sourceRow);
        Vector256<double> r2 = Vector256.Load(s + (2 * sourceRow)), r3 = Vector256.Load(s + (3 * sourceRow));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<double> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(low01, low23, 0x20).Store(t);
        Avx.Permute2x128(high01, high23, 0x20).Store(t + targetRow);
        Avx.Permute2x128(low01, low23, 0x31).Store(t + (2 * targetRow));
        Avx.Permute2x128(high01, high23, 0x31).Store(t + (3 * targetRow));
    }

    // Rows i and i + 4 share a register, so that only shuffles within 128 bits remain.
    private static void Block8(float* s, nint sourceRow, float* t, nint targetRow)
    {
        float* s4 = s + (4 * sourceRow);
        Half4(s, s4, sourceRow, t, targetRow);
        Half4(s + 4, s4 + 4, sourceRow, t + (4 * targetRow), targetRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half4(float* s, float* s4, nint sourceRow, float* t, nint targetRow)
    {
        Vector256<float> r0 = Vector256.Create(Vector128.Load(s), Vector128.Load(s4));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(s + sourceRow), Vector128.Load(s4 + sourceRow));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(s + (2 * sourceRow)), Vector128.Load(s4 + (2 * sourceRow)));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(s + (3 * sourceRow)), Vector128.Load(s4 + (3 * sourceRow)));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(t);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(t + targetRow);
        Avx.UnpackLow(high01, high23).AsSingle().Store(t + (2 * targetRow));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(t + (3 * targetRow));
    }
}
