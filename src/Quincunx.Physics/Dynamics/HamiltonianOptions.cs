using Quincunx.Inference.Experiments;

namespace Quincunx.Physics.Dynamics;

/// <summary>Settings of <see cref="HamiltonianExperiment"/>.</summary>
public sealed record HamiltonianOptions
{
    /// <summary>The system that is learned.</summary>
    public required IHamiltonianSystem System { get; init; }

    /// <summary>Trajectories in all, those held out included.</summary>
    public int Trajectories { get; init; } = 50;

    /// <summary>Share of the trajectories that is held out, in [0, 1).</summary>
    public double TestShare { get; init; } = 0.5;

    /// <summary>Standard deviation of the noise on every observed coordinate.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Width of the hidden layers.</summary>
    public int Width { get; init; } = 200;

    /// <summary>Points in a step.</summary>
    public int Batch { get; init; } = 750;

    public int Steps { get; init; } = 2000;

    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Factor of the weights in the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Trajectories on which the energy is judged.</summary>
    public int Tests { get; init; } = 100;

    /// <summary>Mean squared error of the energy above which the result counts as doubtful.</summary>
    public double Target { get; init; } = double.PositiveInfinity;

    internal static IReadOnlyList<ExperimentOption> Known { get; } =
    [
        ExperimentOption.Choice("system", "The system that is learned.", "mass-spring", "two-body"),
        ExperimentOption.Integer("trajectories", "Trajectories in all, those held out included.", 50, 2, 100_000),
        ExperimentOption.Number("test-share", "Share of the trajectories that is held out.", 0.5, 0.01, 0.99),
        ExperimentOption.Number("noise", "Standard deviation of the noise on every observed coordinate.", 0.1, 0, 100),
        ExperimentOption.Integer("width", "Width of the two hidden layers.", 200, 1, 10_000),
        ExperimentOption.Integer("batch", "Points in a step.", 750, 1, 1_000_000),
        ExperimentOption.Integer("steps", "Steps of training.", 2000, 1, 100_000_000),
        ExperimentOption.Number("learning-rate", "Step size of Adam.", 1e-3, 1e-12, 1),
        ExperimentOption.Number("weight-decay", "Factor of the weights in the gradient.", 0, 0, 1),
        ExperimentOption.Integer("tests", "Trajectories on which the energy is judged.", 100, 2, 100_000),
        ExperimentOption.Number("target", "Mean squared error of the energy above which the verdict is caution; 0 for none.", 0, 0, 1e9),
    ];

    internal static HamiltonianOptions From(ExperimentOptions options) => new()
    {
        System = options.Text("system") == "two-body" ? new TwoBody() : new MassSpring(),
        Trajectories = options.Integer("trajectories"),
        TestShare = options.Number("test-share"),
        Noise = options.Number("noise"),
        Width = options.Integer("width"),
        Batch = options.Integer("batch"),
        Steps = options.Integer("steps"),
        LearningRate = options.Number("learning-rate"),
        WeightDecay = options.Number("weight-decay"),
        Tests = options.Integer("tests"),
        Target = options.Number("target") is > 0 and var target ? target : double.PositiveInfinity,
    };

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal HamiltonianOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(System);
        ArgumentOutOfRangeException.ThrowIfLessThan(Trajectories, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Tests, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(Noise);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps);
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
        return HeldOut is > 0 && HeldOut < Trajectories
            ? this
            : throw new ArgumentException($"Expected some of {Trajectories} trajectories to train on and some to hold out, got a share of {TestShare} held out.", nameof(TestShare));
    }

    /// <summary>Trajectories held out.</summary>
    internal int HeldOut => (int)Math.Round(TestShare * Trajectories);
}
