using System.Numerics;
using System.Numerics.Tensors;

namespace Quincunx.Numerics.Kernels;

/// <summary>Arithmetic of matrices with rows and columns, and updates in place.</summary>
/// <remarks>
/// Matrices are row-major [rows, columns]. The target may be an operand of its own shape but may not overlap it otherwise. IEEE
/// arithmetic throughout; nothing is allocated. Between operands of one shape, or with a number, call the operation itself.
/// </remarks>
internal static class Arithmetic
{
    /// <summary>y = a ∘ b with b [columns] beside every row of a.</summary>
    internal static void WithRow<T, TOperation>(ReadOnlySpan<T> a, ReadOnlySpan<T> row, int rows, Span<T> y)
        where T : unmanaged
        where TOperation : struct, IArithmetic<T>
    {
        Check(a.Length, rows, row.Length, y.Length);
        for (int i = 0; i < rows; i++)
        {
            TOperation.Of(a.Slice(i * row.Length, row.Length), row, y.Slice(i * row.Length, row.Length));
        }
    }

    /// <summary>y = a ∘ b with a [columns] beside every row of b.</summary>
    internal static void RowWith<T, TOperation>(ReadOnlySpan<T> row, ReadOnlySpan<T> b, int rows, Span<T> y)
        where T : unmanaged
        where TOperation : struct, IArithmetic<T>
    {
        Check(b.Length, rows, row.Length, y.Length);
        for (int i = 0; i < rows; i++)
        {
            TOperation.Of(row, b.Slice(i * row.Length, row.Length), y.Slice(i * row.Length, row.Length));
        }
    }

    /// <summary>y = a ∘ b with b [rows] beside every column of a.</summary>
    internal static void WithColumn<T, TOperation>(ReadOnlySpan<T> a, ReadOnlySpan<T> column, int columns, Span<T> y)
        where T : unmanaged
        where TOperation : struct, IArithmetic<T>
    {
        Check(a.Length, column.Length, columns, y.Length);
        for (int i = 0; i < column.Length; i++)
        {
            TOperation.Of(a.Slice(i * columns, columns), column[i], y.Slice(i * columns, columns));
        }
    }

    /// <summary>y = a ∘ b with a [rows] beside every column of b.</summary>
    internal static void ColumnWith<T, TOperation>(ReadOnlySpan<T> column, ReadOnlySpan<T> b, int columns, Span<T> y)
        where T : unmanaged
        where TOperation : struct, IArithmetic<T>
    {
        Check(b.Length, column.Length, columns, y.Length);
        for (int i = 0; i < column.Length; i++)
        {
            TOperation.Of(column[i], b.Slice(i * columns, columns), y.Slice(i * columns, columns));
        }
    }

    /// <summary>y += scale x, which gradients and optimisers do; rounded once or twice, as the processor offers.</summary>
    internal static void AddScaled<T>(ReadOnlySpan<T> x, T scale, Span<T> y)
        where T : unmanaged, INumberBase<T> => TensorPrimitives.MultiplyAddEstimate(x, scale, y, y);

    /// <summary>y += a b, element by element; rounded once or twice, as the processor offers.</summary>
    internal static void AddProduct<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, INumberBase<T> => TensorPrimitives.MultiplyAddEstimate(a, b, y, y);

    private static void Check(long from, long rows, long columns, long to)
    {
        if (rows < 0 || columns < 0 || from < rows * columns || to < rows * columns)
        {
            throw new ArgumentException($"Expected matrices of at least [{rows}, {columns}] elements, got {from} and {to}.");
        }
    }

    internal readonly struct Add<T> : IArithmetic<T>
        where T : unmanaged, INumberBase<T>
    {
        public static void Of(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(a, b, y);

        public static void Of(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Add(a, b, y);

        public static void Of(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(b, a, y);
    }

    internal readonly struct Subtract<T> : IArithmetic<T>
        where T : unmanaged, INumberBase<T>
    {
        public static void Of(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

        public static void Of(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

        public static void Of(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);
    }

    internal readonly struct Multiply<T> : IArithmetic<T>
        where T : unmanaged, INumberBase<T>
    {
        public static void Of(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

        public static void Of(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

        public static void Of(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(b, a, y);
    }

    internal readonly struct Divide<T> : IArithmetic<T>
        where T : unmanaged, INumberBase<T>
    {
        public static void Of(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(a, b, y);

        public static void Of(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Divide(a, b, y);

        public static void Of(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(a, b, y);
    }
}
