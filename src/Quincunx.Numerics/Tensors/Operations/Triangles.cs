using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The lower triangle of each matrix over the last two axes, zeros above it.</summary>
    /// <param name="diagonal">The last diagonal that is kept: 0 the main one, 1 the one above it, -1 the one below.</param>
    public Tensor Tril(int diagonal = 0) => Triangle(diagonal, keepsLower: true);

    /// <summary>The upper triangle of each matrix over the last two axes, zeros below it.</summary>
    /// <param name="diagonal">The first diagonal that is kept: 0 the main one, 1 the one above it, -1 the one below.</param>
    public Tensor Triu(int diagonal = 0) => Triangle(diagonal, keepsLower: false);

    /// <summary>The main diagonal of each matrix over the last two axes, shape <c>[…, min(m, n)]</c>.</summary>
    public Tensor Diagonal()
    {
        RequireMatrices("Diagonal");
        int rows = Shape[-2], columns = Shape[-1], length = Math.Min(rows, columns);
        Tensor y = Allocate(new Shape([.. Shape.Lengths[..^2], length]), DType);
        Kernel.Run(new DiagonalKernel(this, rows * columns, columns + 1, y, length, 1, length), y, this);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, gradient.ToDiagonal(rows, columns)), this);
    }

    /// <summary>Square matrices with the last axis on their main diagonals, zeros elsewhere: shape <c>[…, n, n]</c>.</summary>
    public Tensor ToDiagonal()
    {
        int length = Shape[Shape.Axis(-1)];
        return ToDiagonal(length, length);
    }

    /// <summary>Sum of the main diagonal of each matrix over the last two axes.</summary>
    public Tensor Trace() => Diagonal().Sum(-1);

    private Tensor ToDiagonal(int rows, int columns)
    {
        int length = Shape[-1];
        Tensor y = Zeros(new Shape([.. Shape.Lengths[..^1], rows, columns]), DType);
        Kernel.Run(new DiagonalKernel(this, length, 1, y, rows * columns, columns + 1, length), y, this);
        return Recording.Of(y, static (_, gradient, pull) => pull.Set(0, gradient.Diagonal()), this);
    }

    private Tensor Triangle(int diagonal, bool keepsLower)
    {
        RequireMatrices(keepsLower ? "Tril" : "Triu");
        Tensor y = Allocate(Shape, DType);
        Kernel.Run(new TriangularKernel(this, y, diagonal, keepsLower), y, this);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, gradient.Triangle(diagonal, keepsLower)), this);
    }

    private readonly struct DiagonalKernel(Tensor x, int blockX, int stepX, Tensor y, int blockY, int stepY, int length) : INotedKernel
    {
        public OperationNote Note => new(x.Rank > y.Rank ? "Diagonal" : "ToDiagonal");

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            CopyDiagonals(x.Elements<T>(), blockX, stepX, y.Writable<T>(), blockY, stepY, length);
    }

    private readonly struct TriangularKernel(Tensor x, Tensor y, int diagonal, bool keepsLower) : INotedKernel
    {
        public OperationNote Note => new("Triangle", ("diagonal", diagonal), ("keepsLower", keepsLower));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            TriangleKernel(x.Elements<T>(), y.Writable<T>(), x.Shape[-2], x.Shape[-1], diagonal, keepsLower);
    }

    private void RequireMatrices(string operation)
    {
        if (Rank < 2)
        {
            throw new ShapeException($"{operation}: expected shape [..., m, n], got {Shape}.");
        }
    }

    private static void TriangleKernel<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns, int diagonal, bool keepsLower)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int at = 0, row = 0; at < y.Length; at += columns, row = row + 1 == rows ? 0 : row + 1)
        {
            int split = (int)Math.Clamp((long)row + diagonal + (keepsLower ? 1 : 0), 0, columns);
            ReadOnlySpan<T> source = x.Slice(at, columns);
            Span<T> target = y.Slice(at, columns);
            if (keepsLower)
            {
                source[..split].CopyTo(target);
                target[split..].Clear();
            }
            else
            {
                target[..split].Clear();
                source[split..].CopyTo(target[split..]);
            }
        }
    }

    // Element i of diagonal number d is at d · block + i · step.
    private static void CopyDiagonals<T>(ReadOnlySpan<T> x, int blockX, int stepX, Span<T> y, int blockY, int stepY, int length)
        where T : unmanaged
    {
        int diagonals = length == 0 ? 0 : x.Length / blockX;
        for (int d = 0; d < diagonals; d++)
        {
            for (int i = 0; i < length; i++)
            {
                y[(d * blockY) + (i * stepY)] = x[(d * blockX) + (i * stepX)];
            }
        }
    }
}
