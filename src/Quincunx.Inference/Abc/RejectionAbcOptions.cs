using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Abc;

/// <summary>Settings of <see cref="RejectionAbc"/>.</summary>
public sealed record RejectionAbcOptions
{
    /// <summary>Simulations that may be made, those before <see cref="FirstEvent"/> included.</summary>
    public long Budget { get; init; } = 100_000;

    /// <summary>Largest distance that is accepted, at least 0; null: the nearest <see cref="AcceptedShare"/> are.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Share of the simulations from <see cref="FirstEvent"/> on that is accepted where no tolerance is given, in (0, 1].</summary>
    public double AcceptedShare { get; init; } = 0.01;

    /// <summary>Draws after which a run with a tolerance ends; null: it uses its budget.</summary>
    public int? Samples { get; init; }

    public AbcMetric Metric { get; init; } = AbcMetric.MedianDeviation;

    /// <summary>First simulations that the scales of the distance are found from; they count like any other.</summary>
    public int ScaleSimulations { get; init; } = 1000;

    /// <summary>What events are compared by; null: their outputs.</summary>
    public ISummaryStatistics? Summary { get; init; }

    /// <summary>The adjustment of accepted draws; null: none.</summary>
    public RegressionOptions? Regression { get; init; }

    /// <summary>Number of the first event: 0, or as many as a pilot has used.</summary>
    public long FirstEvent { get; init; }

    public SimulationOptions Simulation { get; init; } = new();

    internal RejectionAbcOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Budget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ScaleSimulations, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(FirstEvent);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(FirstEvent, Budget);
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples ?? 1, 1, nameof(Samples));
        if (Tolerance is not (null or >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "Expected a distance of at least 0.");
        }

        if (AcceptedShare is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(AcceptedShare), AcceptedShare, "Expected a share in (0, 1].");
        }

        if (Tolerance is null && (Samples is not null || Budget * AcceptedShare > int.MaxValue / 4))
        {
            throw new ArgumentException($"Expected a tolerance beside a number of samples, and at most {int.MaxValue / 4} accepted draws, got {Samples} samples and {Budget * AcceptedShare} draws.", nameof(Samples));
        }

        Regression?.Checked();
        return this;
    }
}
