using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>A message passing step whose positions and velocities turn, mirror and shift with the points, and whose features do not notice.</summary>
/// <remarks>
/// <para>
/// Satorras, Hoogeboom and Welling 2021, arXiv:2102.09844, equations 3 to 9: with messages m = φₑ(hᵢ, hⱼ, |xᵢ - xⱼ|², a) on the edges j → i,
/// v ← φᵥ(h) v + mean (xᵢ - xⱼ) φₓ(m), x ← x + v, h ← h + φₕ(h, Σ m). Without velocities v starts at 0. The mean is over the edges that enter a point: 1/(points - 1) of
/// the sum where all pairs are joined. Positions enter through differences and distances alone, in any number of dimensions. φₓ and φₕ start
/// at zero, so that a new layer leaves points and features as they are, or lets the points drift along their velocities: a deep network starts calm.
/// </para>
/// <para>
/// The first layer of φₑ acts on points before they are gathered to edges, which is the same map for a point's share of the work. Points in other places of the list, or edges in another
/// order, change the result by roundings alone.
/// </para>
/// </remarks>
public sealed class EquivariantGraphLayer : IModule
{
    private readonly EquivariantGraphOptions _options;
    private readonly Parameter _receiving, _sending;
    private readonly Linear _pair, _message;
    private readonly Linear? _gate;
    private readonly Mlp _push, _update;
    private readonly Mlp? _inertia;

    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public EquivariantGraphLayer(EquivariantGraphOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        EquivariantGraphOptions o = _options = options.Checked();

        // φₑ's first matrix, cut into what acts on either end of an edge and what acts on the edge itself.
        Tensor first = Initialiser.LeCunUniform.Draw(o.Hidden, (2 * o.Features) + 1 + o.EdgeFeatures, rng.Split("first"), o.DType);
        _receiving = new Parameter(first.Slice(1, 0, o.Features));
        _sending = new Parameter(first.Slice(1, o.Features, o.Features));
        _pair = new Linear(1 + o.EdgeFeatures, o.Hidden, rng, Initialiser.Zeros, o.DType);
        _pair.Weight.Assign(first.Slice(1, 2 * o.Features));
        _message = new Linear(o.Hidden, o.Hidden, rng.Split("message"), Initialiser.LeCunUniform, o.DType);
        _gate = o.Gates ? new Linear(o.Hidden, 1, rng.Split("gate"), Initialiser.LeCunUniform, o.DType) : null;
        _push = new Mlp(o.Hidden, [o.Hidden], 1, rng.Split("push"), o.Activation, Initialiser.Zeros, o.DType);
        _update = new Mlp(o.Features + o.Hidden, [o.Hidden], o.Features, rng.Split("update"), o.Activation, Initialiser.Zeros, o.DType);
        _inertia = o.Velocities ? new Mlp(o.Features, [o.Hidden], 1, rng.Split("inertia"), o.Activation, Initialiser.LeCunUniform, o.DType) : null;
    }

    /// <returns>The graph with new positions, features and, where it has them, velocities.</returns>
    /// <exception cref="ShapeException">The sizes are not those of the options, or do not fit each other.</exception>
    /// <exception cref="ArgumentException">Velocities or edge features are missing or not asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An edge names a point that there is not.</exception>
    public PointGraph Forward(PointGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Check(graph);
        Tensor x = graph.Positions, h = graph.Features;
        Tensor away = x.IndexSelect(0, graph.Receivers) - x.IndexSelect(0, graph.Senders);
        Tensor pairs = Tensor.Square(away).Sum(axis: 1, keepAxes: true);
        pairs = graph.EdgeFeatures is null ? pairs : Tensor.Concat([pairs, graph.EdgeFeatures], axis: 1);
        Tensor ends = Tensor.Linear(h, _receiving.Value, null).IndexSelect(0, graph.Receivers) + Tensor.Linear(h, _sending.Value, null).IndexSelect(0, graph.Senders);
        Tensor messages = _options.Activation.Apply(_message.Forward(_options.Activation.Apply(ends + _pair.Forward(pairs))));
        messages = _gate is null ? messages : messages * Tensor.Sigmoid(_gate.Forward(messages));

        Tensor velocities = Tensor.SegmentMean(away * _push.Forward(messages), graph.Receivers, graph.Points);
        velocities = _inertia is null ? velocities : velocities + (_inertia.Forward(h) * graph.Velocities!);
        Tensor received = Tensor.SegmentSum(messages, graph.Receivers, graph.Points);
        return graph with
        {
            Positions = x + velocities,
            Features = h + _update.Forward(Tensor.Concat([h, received], axis: 1)),
            Velocities = graph.Velocities is null ? null : velocities,
        };
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("receiving", _receiving);
        tree.Add("sending", _sending);
        tree.Add("pair", _pair);
        tree.Add("message", _message);
        if (_gate is not null)
        {
            tree.Add("gate", _gate);
        }

        tree.Add("push", _push);
        tree.Add("update", _update);
        if (_inertia is not null)
        {
            tree.Add("inertia", _inertia);
        }
    }

    private void Check(PointGraph graph)
    {
        ShapeException.ThrowUnless(graph.Positions, -1, -1);
        ShapeException.ThrowUnless(graph.Features, graph.Points, _options.Features);
        if (graph.Senders.Shape.Rank != 1 || graph.Receivers.Shape != graph.Senders.Shape)
        {
            throw new ShapeException($"Expected senders and receivers of one shape [edges], got {graph.Senders.Shape} and {graph.Receivers.Shape}.");
        }

        Require("edge features", graph.EdgeFeatures, graph.Senders.Count, _options.EdgeFeatures);
        Require("velocities", graph.Velocities, graph.Points, _options.Velocities ? graph.Positions.Shape[1] : 0);
    }

    private static void Require(string what, Tensor? given, int rows, int width)
    {
        if (given is null != (width == 0))
        {
            throw new ArgumentException(width == 0 ? $"The layer takes no {what}." : $"The layer needs {what}.", nameof(given));
        }

        if (given is not null)
        {
            ShapeException.ThrowUnless(given, rows, width);
        }
    }
}
