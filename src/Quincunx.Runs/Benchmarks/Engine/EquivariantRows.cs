using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Layers with a symmetry: value and gradient, counted as their matrix products alone, as a share of the multiply-add peak.</summary>
internal static class EquivariantRows
{
    // Bodies in a graph, graphs in a batch, features and width of the layer; side and batch of the linear maps.
    private const int Bodies = 5, Graphs = 100, Features = 64, Width = 64, Side = 64, Batch = 1000;

    // Channels of a convolution, fields and side of their lattice.
    private const int Channels = 32, Fields = 32, Lattice = 16;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int graphs = bench.Effort.IsSmoke ? 2 : Graphs, points = graphs * Bodies, edges = points * (Bodies - 1);

        // Products of an edge: its own first layer, the message, and the two layers of the push; of a point: both ends' first layers and the update.
        double perEdge = Width + (2.0 * Width * Width) + Width, perPoint = (2.0 * Features * Width) + ((Features + Width) * Width) + (Width * Features);
        yield return Row(
            bench, $"E(n) graph layer, {Bench.Count(edges)} edges, width {Width}", RowPlan.Float32, (edges * perEdge) + (points * perPoint), bench.PeakBound<float>(1),
            () =>
            {
                var layer = new EquivariantGraphLayer(new EquivariantGraphOptions { Features = Features, Hidden = Width }, new Rng(1));
                (Indices senders, Indices receivers) = PointGraph.AllPairs(Bodies, graphs);
                Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(points, 3)), h = Tensor.Normal(0, 1, new Rng(3), new Shape(points, Features));
                var graph = new PointGraph(x, h, senders, receivers);
                return (layer, Loss);

                Tensor Loss()
                {
                    PointGraph there = layer.Forward(graph);
                    return Tensor.Square(there.Positions).Sum() + Tensor.Square(there.Features).Sum();
                }
            });

        // Six products and a solution; the gradient's exponential has twice the side and weighs eightfold, so that three times the value's is a third of both.
        double exponential = (6 + (4.0 / 3)) * Math.Pow(Side, 3);
        yield return Row(
            bench, $"orthogonal map, side {Side}, batch {Bench.Count(Batch)}", RowPlan.Float64, (3 * exponential) + ((double)Side * Side * Batch), bench.PeakBound<double>(1),
            () => Map(new OrthogonalLinear(Side, new Rng(1), DType.Float64)));
        yield return Row(
            bench, $"symplectic map, side {Side}, batch {Bench.Count(Batch)}", RowPlan.Float64, 5.0 * Side * Side / 4 * Batch, bench.PeakBound<double>(1),
            () => Map(new SymplecticLinear(Side, dtype: DType.Float64)));

        int fields = bench.Effort.IsSmoke ? 1 : Fields;

        // Two thirds, since the field itself wants no gradient.
        double perSite = 2.0 / 3 * 9 * Channels * Channels;
        yield return Row(
            bench, $"lattice convolution, {Channels} channels, 3x3 tied, {fields} of {Lattice}x{Lattice}", RowPlan.Float32, fields * Lattice * Lattice * perSite, bench.PeakBound<float>(1),
            () =>
            {
                var layer = new LatticeConvolution(Channels, Channels, 2, 3, new Rng(1), LatticeSymmetry.Full);
                Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(fields, Channels, Lattice, Lattice));
                return (layer, () => Tensor.Square(layer.Forward(x)).Sum());
            });

        // Two passes, for θ and -θ; channels 2 to 16, to 16, to 1.
        double perPlaquette = 2 * 9.0 * ((2 * 16) + (16 * 16) + 16);
        yield return Row(
            bench, $"gauge network, 16 channels, charge odd, {fields} of {Lattice}x{Lattice}", RowPlan.Float32, fields * Lattice * Lattice * perPlaquette, bench.PeakBound<float>(1),
            () =>
            {
                var options = new GaugeNetworkOptions { Charge = FieldParity.Odd, Network = new LatticeNetworkOptions { Hidden = [16, 16], Symmetry = LatticeSymmetry.Full } };
                var network = new GaugeNetwork(1, options, new Rng(1));
                Tensor links = Tensor.Uniform(-Math.PI, Math.PI, new Rng(2), new Shape(fields, 2, Lattice, Lattice));
                return (network, () => Tensor.Square(network.Forward(links)).Sum());
            });
    }

    private static (IModule Module, Func<Tensor> Loss) Map(IBijection map)
    {
        Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(map.Dimension, Batch), DType.Float64), weights = Tensor.Normal(0, 1, new Rng(3), x.Shape, DType.Float64);
        return (map, () => (map.Forward(x, null).Value * weights).Sum());
    }

    /// <param name="products">Multiplications of the value; the gradient has twice as many.</param>
    private static RowPlan Row(Bench bench, string name, string dtype, double products, Bound bound, Func<(IModule Module, Func<Tensor> Loss)> prepare) => new(
        $"{name}, with gradient", 1, dtype, Units.Flops,
        Quantity.Rate(
            bench.Time(() =>
            {
                (IModule module, Func<Tensor> loss) = prepare();
                Tensor[] weights = [.. ParameterTree.Of(module).Trained.Select(p => p.Value)];
                return () =>
                {
                    using var scope = new TensorScope();
                    Gradient.Of(loss(), weights);
                };
            }),
            2e-9 * 3 * products),
        bound);
}
