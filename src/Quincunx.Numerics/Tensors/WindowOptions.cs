using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

/// <summary>How a window moves over one to three axes of a grid, in convolution and pooling. Each list has one number for all axes, or one for each.</summary>
/// <remarks>
/// An axis of length L under a window of length k gives <c>⌊(L + 2 · padding - dilation · (k - 1) - 1) / stride⌋ + 1</c> places;
/// element j of the window at place o is <c>o · stride + j · dilation - padding</c>.
/// </remarks>
public sealed record WindowOptions
{
    /// <summary>Steps from one place to the next, at least 1. Null: 1 in convolutions, the window's length in pooling.</summary>
    public IReadOnlyList<int>? Stride { get; init; }

    /// <summary>Elements added at each end of an axis, not negative.</summary>
    public IReadOnlyList<int> Padding { get; init; } = [0];

    /// <summary>Steps from one element of the window to the next, at least 1.</summary>
    public IReadOnlyList<int> Dilation { get; init; } = [1];

    /// <summary>What is added.</summary>
    public PaddingKind PaddingKind { get; init; }

    internal static WindowOptions Default { get; } = new();

    /// <summary>The strides of all axes.</summary>
    /// <param name="otherwise">What the strides are where none is given.</param>
    internal int[] Strides(ReadOnlySpan<int> otherwise) => Stride is null ? otherwise.ToArray() : Each(Stride, otherwise.Length, 1, nameof(Stride));

    internal int[] Paddings(int axes) => Each(Padding, axes, 0, nameof(Padding));

    internal int[] Dilations(int axes) => Each(Dilation, axes, 1, nameof(Dilation));

    /// <summary>The places of a window on a grid.</summary>
    /// <param name="x">Shape <c>[batch, channels, …grid]</c>.</param>
    /// <param name="weight">Shape that ends with the window.</param>
    /// <param name="stride">Strides where none are given.</param>
    /// <exception cref="ShapeException">The window does not fit.</exception>
    internal WindowGeometry Over(string operation, Shape x, Shape weight, ReadOnlySpan<int> stride)
    {
        int axes = x.Rank - 2;
        ReadOnlySpan<int> grid = x.Lengths[2..], window = weight.Lengths[^axes..];
        int[] strides = Strides(stride), paddings = Paddings(axes), dilations = Dilations(axes);
        for (int axis = 0; axis < axes; axis++)
        {
            if (grid[axis] == 0 || WindowGeometry.OutputLength(grid[axis], window[axis], strides[axis], paddings[axis], dilations[axis]) == 0)
            {
                throw ShapeException.Pair(
                    operation, x, weight,
                    $"a window of {window[axis]} with dilation {dilations[axis]} is longer than axis {axis + 2} with padding {paddings[axis]}.");
            }
        }

        return new WindowGeometry(grid, window, strides, paddings, dilations, PaddingKind == PaddingKind.Circular);
    }

    /// <exception cref="ArgumentException">There is neither one number nor one for each axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below the least.</exception>
    internal static int[] Each(IReadOnlyList<int> numbers, int axes, int least, string name)
    {
        ArgumentNullException.ThrowIfNull(numbers, name);
        if (numbers.Count != 1 && numbers.Count != axes)
        {
            throw new ArgumentException($"{name}: expected one number, or one for each of {axes} axes, got [{string.Join(", ", numbers)}].", name);
        }

        int[] each = new int[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            each[axis] = numbers[numbers.Count == 1 ? 0 : axis];
            ArgumentOutOfRangeException.ThrowIfLessThan(each[axis], least, name);
        }

        return each;
    }
}
