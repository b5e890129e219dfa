using Quincunx.Inference.Experiments;

namespace Quincunx.Physics.Lattice;

/// <summary>Settings of <see cref="LatticeFlowExperiment"/>.</summary>
public sealed record LatticeFlowOptions
{
    /// <summary>The theory; its lattice has an even side.</summary>
    public PhiFourAction Action { get; init; } = new(Size: 8, MassSquared: -4, Coupling: 8);

    /// <summary>Couplings of the flow.</summary>
    public int Couplings { get; init; } = 16;

    /// <summary>Channels of each hidden layer.</summary>
    public int Channels { get; init; } = 8;

    /// <summary>Hidden layers of each coupling's network.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Side of the convolutions' windows.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Draws in a step.</summary>
    public int Batch { get; init; } = 128;

    public int Steps { get; init; } = 3000;

    /// <summary>At the beginning; it falls along a cosine to 0.</summary>
    public double LearningRate { get; init; } = 5e-3;

    /// <summary>Draws on which the flow is judged, and steps of the chain that it proposes for.</summary>
    public int Draws { get; init; } = 16_384;

    /// <summary>Independent chains of the simulation that the flow is compared with.</summary>
    public int ReferenceChains { get; init; } = 16;

    /// <summary>Sweeps of each of them, after a tenth as many to warm up.</summary>
    public int ReferenceSweeps { get; init; } = 100_000;

    /// <summary>Share of effective draws below which the result counts as doubtful.</summary>
    public double Target { get; init; }

    /// <summary>Published susceptibility; NaN for none.</summary>
    public double Published { get; init; } = double.NaN;

    internal static IReadOnlyList<ExperimentOption> Known { get; } =
    [
        ExperimentOption.Integer("size", "Side of the lattice, even.", 8, 2, 256),
        ExperimentOption.Number("m2", "Square of the bare mass, of either sign.", -4, -1e6, 1e6),
        ExperimentOption.Number("lambda", "Coupling of the fourth power.", 8, 0, 1e6),
        ExperimentOption.Integer("couplings", "Couplings of the flow; two move every site once.", 8, 1, 256),
        ExperimentOption.Integer("channels", "Channels of the hidden layers of each coupling's network.", 8, 1, 1024),
        ExperimentOption.Integer("layers", "Hidden layers of each coupling's network.", 2, 1, 16),
        ExperimentOption.Integer("kernel", "Side of the convolutions' windows, odd.", 3, 1, 255),
        ExperimentOption.Integer("batch", "Draws in a step.", 128, 1, 1_000_000),
        ExperimentOption.Integer("steps", "Steps of training.", 3000, 1, 100_000_000),
        ExperimentOption.Number("learning-rate", "Step size of Adam at the beginning; it falls along a cosine to 0.", 5e-3, 1e-12, 1),
        ExperimentOption.Integer("draws", "Draws on which the flow is judged, and steps of the chain that it proposes for.", 16_384, 100, 100_000_000),
        ExperimentOption.Integer("reference-chains", "Independent chains of local updates that the flow is compared with.", 16, 2, 10_000),
        ExperimentOption.Integer("reference-sweeps", "Sweeps of each of them.", 100_000, 100, 1_000_000_000),
        ExperimentOption.Number("target", "Share of effective draws below which the verdict is caution.", 0, 0, 1),
        ExperimentOption.Number("published", "Published susceptibility to compare with; 0 for none.", 0, 0, 1e9),
    ];

    internal static LatticeFlowOptions From(ExperimentOptions options) => new()
    {
        Action = new PhiFourAction(options.Integer("size"), options.Number("m2"), options.Number("lambda")),
        Couplings = options.Integer("couplings"),
        Channels = options.Integer("channels"),
        Layers = options.Integer("layers"),
        Kernel = options.Integer("kernel"),
        Batch = options.Integer("batch"),
        Steps = options.Integer("steps"),
        LearningRate = options.Number("learning-rate"),
        Draws = options.Integer("draws"),
        ReferenceChains = options.Integer("reference-chains"),
        ReferenceSweeps = options.Integer("reference-sweeps"),
        Target = options.Number("target"),
        Published = options.Number("published") is > 0 and var published ? published : double.NaN,
    };

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal LatticeFlowOptions Checked()
    {
        Action.Checked();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Couplings);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Layers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(Draws, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReferenceChains, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReferenceSweeps, 100);
        return Action.Size % 2 == 0 && Kernel % 2 == 1 && Kernel <= Action.Size
            ? this
            : throw new ArgumentException($"Expected an even lattice and an odd window no larger, got {Action.Size} and {Kernel}.", nameof(Kernel));
    }
}
