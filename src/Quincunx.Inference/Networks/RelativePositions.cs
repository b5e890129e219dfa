using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>What is added to the scores of attention for how far behind or ahead a row stands, in each head.</summary>
/// <remarks>
/// Linear in the distance (Press et al. 2022, arXiv:2108.12409), with trained numbers added (Raffel et al. 2020, arXiv:1910.10683, section 2.1). Trained from 0 alone, attention starts as the mean over all rows,
/// and is told by nothing that rows have an order: it stayed there. The decay of weights pulls towards the slopes.
/// </remarks>
internal sealed class RelativePositions : IModule
{
    // Buckets of a direction: a bucket for each distance below Exact, the rest over logarithms of it up to Farthest, beyond which all are in the last.
    private const int Buckets = 16, Exact = 8, Farthest = 128;

    // Of the steepest and of the flattest head, as with the eight heads of the paper.
    private const double SteepestLog2 = -1, FlattestLog2 = -8;

    private readonly Parameter _trained;

    // Of each head and offset, from that of the last row seen from the first; constant, and a function of the sizes: not part of the state.
    private readonly Parameter _slopes;
    private readonly int _heads, _longest;

    /// <param name="longest">Rows that offsets are kept for.</param>
    public RelativePositions(int heads, int longest, DType dtype)
    {
        (_heads, _longest) = (heads, longest);
        _trained = new Parameter(Tensor.Zeros(new Shape(heads, 2 * Buckets), dtype));
        int offsets = (2 * longest) - 1;
        double[] slopes = [.. Enumerable.Range(0, heads * offsets).Select(i => -Slope(i / offsets, heads) * Math.Abs((i % offsets) - (longest - 1)))];
        _slopes = new Parameter(Tensor.From(slopes, new Shape(heads, offsets), dtype), isTrained: false);
    }

    /// <param name="rows">Of the sequence.</param>
    /// <returns>Shape <c>[heads, rows, rows]</c>: of the row that asks, then of the one that answers.</returns>
    /// <exception cref="ShapeException">The sequence is longer than the offsets that are kept.</exception>
    public Tensor Forward(int rows)
    {
        if (rows > _longest)
        {
            throw new ShapeException($"Expected at most {_longest} rows, got {rows}.");
        }

        // The answering row's place less that of the asking one.
        int[] offsets = [.. Enumerable.Range(0, rows * rows).Select(i => (i % rows) - (i / rows))];
        Tensor scores = _slopes.Value.IndexSelect(1, offsets.Select(o => o + _longest - 1).ToArray()) + _trained.Value.IndexSelect(1, offsets.Select(BucketOf).ToArray());
        return scores.Reshape(_heads, rows, rows);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree) => tree.Add("trained", _trained);

    /// <summary>From 1/2 to 1/256 in equal ratios, the only head 1/2.</summary>
    internal static double Slope(int head, int heads) => Math.Pow(2, SteepestLog2 + ((FlattestLog2 - SteepestLog2) * head / Math.Max(1, heads - 1)));

    /// <summary>Number of the bucket of an offset: rows behind, the row itself among them, then rows ahead.</summary>
    internal static int BucketOf(int offset)
    {
        int distance = Math.Abs(offset), side = offset > 0 ? Buckets : 0;

        // Log2 is exact at powers of two, so that a bucket begins at the same distance on every machine.
        return side + (distance < Exact ? distance
            : Math.Min(Buckets - 1, Exact + (int)((Buckets - Exact) * Math.Log2((double)distance / Exact) / Math.Log2((double)Farthest / Exact))));
    }
}
