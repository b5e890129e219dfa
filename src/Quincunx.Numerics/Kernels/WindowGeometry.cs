namespace Quincunx.Numerics.Kernels;

/// <summary>Where a window that moves over a grid of up to three axes finds its elements. Missing axes stand in front with length 1.</summary>
/// <remarks>Element k of the window at place o of an axis is <c>o · stride + k · dilation</c> on the padded axis, and <c>padding</c> less than that on the axis itself.</remarks>
internal sealed class WindowGeometry
{
    public const int Axes = 3;

    // For each axis, which input a position on the padded axis is: -1 for a zero.
    private readonly int[][] _places = new int[Axes][];

    /// <exception cref="ArgumentException">Never; lengths are checked by the caller.</exception>
    public WindowGeometry(
        ReadOnlySpan<int> input, ReadOnlySpan<int> window, ReadOnlySpan<int> stride, ReadOnlySpan<int> padding, ReadOnlySpan<int> dilation, bool circular)
    {
        int missing = Axes - input.Length;
        IsCircular = circular;
        for (int axis = 0; axis < Axes; axis++)
        {
            int a = axis - missing;
            Padding[axis] = a < 0 ? 0 : padding[a];
            (Input[axis], Window[axis], Stride[axis], Dilation[axis]) = a < 0 ? (1, 1, 1, 1) : (input[a], window[a], stride[a], dilation[a]);
            int pad = Padding[axis];
            Output[axis] = OutputLength(Input[axis], Window[axis], Stride[axis], pad, Dilation[axis]);
            Padded[axis] = ((Output[axis] - 1) * Stride[axis]) + ((Window[axis] - 1) * Dilation[axis]) + 1;
            _places[axis] = Places(Input[axis], Padded[axis], pad, circular);
        }
    }

    public int[] Input { get; } = new int[Axes];

    public int[] Window { get; } = new int[Axes];

    public int[] Stride { get; } = new int[Axes];

    public int[] Dilation { get; } = new int[Axes];

    public int[] Padding { get; } = new int[Axes];

    public bool IsCircular { get; }

    public int[] Output { get; } = new int[Axes];

    /// <summary>The part of the padded axis that windows reach.</summary>
    public int[] Padded { get; } = new int[Axes];

    public int InputCount => Input[0] * Input[1] * Input[2];

    public int WindowCount => Window[0] * Window[1] * Window[2];

    public int OutputCount => Output[0] * Output[1] * Output[2];

    public int PaddedCount => Padded[0] * Padded[1] * Padded[2];

    /// <summary>Whether windows are single elements, each once and in order.</summary>
    public bool IsIdentity => WindowCount == 1 && Output.AsSpan().SequenceEqual(Input) && PaddedCount == InputCount;

    /// <summary>The input at each position of a padded axis, or -1.</summary>
    public ReadOnlySpan<int> PlacesOf(int axis) => _places[axis];

    /// <summary>How many places a window has on an axis; 0 or less where it does not fit.</summary>
    public static int OutputLength(int input, int window, int stride, int padding, int dilation)
    {
        long room = input + (2L * padding) - ((long)dilation * (window - 1)) - 1;
        return room < 0 ? 0 : (int)(room / stride) + 1;
    }

    private static int[] Places(int input, int padded, int padding, bool circular)
    {
        int[] places = new int[padded];
        for (int q = 0; q < padded; q++)
        {
            int at = q - padding;
            places[q] = circular ? ((at % input) + input) % input : at >= 0 && at < input ? at : -1;
        }

        return places;
    }
}
