using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Operations on the edges of a graph, as a share of what the memory copies.</summary>
internal static class SegmentRows
{
    // Edges to a node, and features of an edge.
    private const int Degree = 16, Features = 32;

    private delegate Tensor Operation(Tensor x, Indices segments, int count);

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int edges = bench.Effort.Elements;
        yield return Edges(bench, "segment sum", BandwidthKind.Read, edges, Features, Tensor.SegmentSum);
        yield return Edges(bench, "segment mean", BandwidthKind.Read, edges, Features, Tensor.SegmentMean);
        yield return Edges(bench, "segment max", BandwidthKind.Read, edges, Features, Tensor.SegmentMax);
        yield return Edges(bench, "segment softmax", BandwidthKind.Copy, edges, 4, Tensor.SegmentSoftmax);
        yield return Edges(bench, "segment logsumexp", BandwidthKind.Read, edges, 4, Tensor.SegmentLogSumExp);
    }

    private static RowPlan Edges(Bench bench, string name, BandwidthKind kind, int edges, int features, Operation operation)
    {
        int nodes = edges / Degree;
        Probe probe = bench.Time(() =>
        {
            Rng rng = new(1);
            int[] segments = new int[edges];
            foreach (ref int segment in segments.AsSpan())
            {
                segment = (int)(rng.NextDouble() * nodes);
            }

            Tensor x = Tensor.Uniform(-1, 1, rng, new Shape(edges, features));
            Indices places = segments;
            return () =>
            {
                using var scope = new TensorScope();
                operation(x, places, nodes);
            };
        });
        return new RowPlan(
            $"{name}, {Bench.Count(edges)} edges of {features}", 1, RowPlan.Float32, Units.Bandwidth,
            Quantity.Rate(probe, 1e-9 * sizeof(float) * Bench.VectorsOf(kind) * edges * features), bench.BandwidthBound(kind, edges * features, 1));
    }
}
