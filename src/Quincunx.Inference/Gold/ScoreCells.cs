namespace Quincunx.Inference.Gold;

/// <summary>Cells of about as many points each: cut along the first axis, each slice along the second, and so on.</summary>
internal sealed class ScoreCells
{
    private readonly double[] _edges;
    private readonly ScoreCells[] _inner;

    private ScoreCells(double[] edges, ScoreCells[] inner, int count) => (_edges, _inner, Count) = (edges, inner, count);

    /// <summary>Number of cells.</summary>
    public int Count { get; }

    /// <param name="points">Shape <c>[n, axes]</c>; edges are quantiles of theirs.</param>
    /// <param name="bins">Along each axis.</param>
    public static ScoreCells Fit(double[] points, int axes, int bins) => Fit(points, axes, bins, [.. Enumerable.Range(0, points.Length / axes)], 0);

    /// <summary>The cell of a point, from 0.</summary>
    public int Of(ReadOnlySpan<double> point)
    {
        int place = Array.BinarySearch(_edges, point[0]), cell = place >= 0 ? place + 1 : ~place;
        if (_inner.Length == 0)
        {
            return cell;
        }

        int before = 0;
        for (int i = 0; i < cell; i++)
        {
            before += _inner[i].Count;
        }

        return before + _inner[cell].Of(point[1..]);
    }

    private static ScoreCells Fit(double[] points, int axes, int bins, int[] rows, int axis)
    {
        double[] values = [.. rows.Select(r => points[(r * axes) + axis]).Order()];
        double[] edges = values.Length == 0 ? [] : [.. Enumerable.Range(1, bins - 1).Select(b => values[(int)((long)b * values.Length / bins)]).Where(e => e > values[0]).Distinct()];
        var outer = new ScoreCells(edges, [], edges.Length + 1);
        if (axis == axes - 1)
        {
            return outer;
        }

        ILookup<int, int> slices = rows.ToLookup(r => outer.Of([points[(r * axes) + axis]]));
        ScoreCells[] inner = [.. Enumerable.Range(0, outer.Count).Select(slice => Fit(points, axes, bins, [.. slices[slice]], axis + 1))];
        return new ScoreCells(edges, inner, inner.Sum(part => part.Count));
    }
}
