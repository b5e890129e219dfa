namespace Quincunx.Numerics.Kernels;

/// <summary>Which elements of a plane each window holds, in row-major order; what padding with zeros adds is not among them.</summary>
internal sealed class WindowElements
{
    private readonly int[] _starts, _places;

    public WindowElements(WindowGeometry g)
    {
        (InputCount, OutputCount) = (g.InputCount, g.OutputCount);
        _starts = new int[g.OutputCount + 1];
        var places = new List<int>(g.OutputCount * g.WindowCount);
        for (int o = 0; o < g.OutputCount; o++)
        {
            int o2 = o % g.Output[2], o1 = o / g.Output[2] % g.Output[1], o0 = o / g.Output[2] / g.Output[1];
            for (int k = 0; k < g.WindowCount; k++)
            {
                int k2 = k % g.Window[2], k1 = k / g.Window[2] % g.Window[1], k0 = k / g.Window[2] / g.Window[1];
                int i0 = Place(g, 0, o0, k0), i1 = Place(g, 1, o1, k1), i2 = Place(g, 2, o2, k2);
                if (i0 >= 0 && i1 >= 0 && i2 >= 0)
                {
                    places.Add((((i0 * g.Input[1]) + i1) * g.Input[2]) + i2);
                }
            }

            _starts[o + 1] = places.Count;
        }

        _places = [.. places];
    }

    public int InputCount { get; }

    public int OutputCount { get; }

    public ReadOnlySpan<int> Of(int window) => _places.AsSpan(_starts[window].._starts[window + 1]);

    private static int Place(WindowGeometry g, int axis, int o, int k) => g.PlacesOf(axis)[(o * g.Stride[axis]) + (k * g.Dilation[axis])];
}
