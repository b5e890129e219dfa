using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Abc;

/// <summary>Settings of <see cref="SmcAbc"/>.</summary>
public sealed record SmcAbcOptions
{
    /// <summary>Simulations that may be made in all, those before <see cref="FirstEvent"/> and those of an earlier run that is continued included.</summary>
    public long Budget { get; init; } = 10_000;

    /// <summary>Draws of a population; null: a hundredth of the budget, from 100 to 1000, and at least four a parameter.</summary>
    public int? Particles { get; init; }

    public ToleranceRule Rule { get; init; } = ToleranceRule.Quantile;

    /// <summary>The share that <see cref="Rule"/> speaks of, in (0, 1).</summary>
    public double Share { get; init; } = 0.5;

    public SmcKernelKind Kernel { get; init; } = SmcKernelKind.OptimalLocal;

    /// <summary>Neighbours that <see cref="SmcKernelKind.NearestNeighbours"/> takes the covariance of, as a share of the particles, in (0, 1].</summary>
    public double Neighbours { get; init; } = 0.2;

    /// <summary>A population at this tolerance or a smaller one is the last.</summary>
    public double Tolerance { get; init; }

    /// <summary>Populations after which the run ends, the first one included.</summary>
    public int MaxPopulations { get; init; } = 100;

    /// <summary>The run ends where a population accepts a smaller share of its simulations, after at least 1000 of them.</summary>
    public double LeastAcceptance { get; init; } = 1e-3;

    /// <summary>The run ends where no coordinate changes by more (<see cref="AbcPopulation.Change"/>); 0: never for that reason. Below √(2 / particles) it is noise.</summary>
    public double SettledChange { get; init; }

    /// <summary>Whether the draws are weighted anew from the simulations of all populations, or are those of the last one.</summary>
    public bool Recycle { get; init; } = true;

    public AbcMetric Metric { get; init; } = AbcMetric.MedianDeviation;

    /// <summary>What events are compared by; null: their outputs.</summary>
    public ISummaryStatistics? Summary { get; init; }

    /// <summary>The adjustment of the draws; null: none.</summary>
    public RegressionOptions? Regression { get; init; }

    /// <summary>Number of the first event: 0, or as many as a pilot has used.</summary>
    public long FirstEvent { get; init; }

    public SimulationOptions Simulation { get; init; } = new();

    internal int ParticleCount(int dimension) => Particles ?? (int)Math.Max(4 * (dimension + 1), Math.Clamp(Budget / 100, 100, 1000));

    internal SmcAbcOptions Checked(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Budget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ParticleCount(dimension), Math.Max(10, 2 * (dimension + 1)), nameof(Particles));
        Require(Share is > 0 and < 1, nameof(Share), Share, "a share in (0, 1)");
        Require(Neighbours is > 0 and <= 1, nameof(Neighbours), Neighbours, "a share in (0, 1]");
        Require(Tolerance >= 0, nameof(Tolerance), Tolerance, "a distance of at least 0");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPopulations, 1);
        Require(LeastAcceptance is >= 0 and < 1, nameof(LeastAcceptance), LeastAcceptance, "a share in [0, 1)");
        Require(SettledChange >= 0, nameof(SettledChange), SettledChange, "a number from 0");
        ArgumentOutOfRangeException.ThrowIfNegative(FirstEvent);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(FirstEvent, Budget);
        Regression?.Checked();
        return this;
    }

    // Written so that NaN fails.
    private static void Require(bool holds, string name, double value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}
