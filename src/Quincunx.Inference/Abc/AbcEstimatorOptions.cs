namespace Quincunx.Inference.Abc;

/// <summary>Settings of <see cref="AbcEstimator"/>.</summary>
public sealed record AbcEstimatorOptions
{
    private const int RootsAccepted = 3, LeastAccepted = 50, RowsPerSummary = 6;

    // Beside the usual number, a smaller one that is nearer.
    private const double Fewer = 1.0 / 3;

    /// <summary>
    /// Share of the simulations that is accepted, in (0, 1], of weighted ones by their effective number. Null: three times the root of their number, at least 50 and, with a regression,
    /// at least six a summary; or a third of the former, where that gives left-out draws the larger mean log-density. Of weighted rows always the former.
    /// </summary>
    public double? Quantile { get; init; }

    /// <summary>Largest distance that is accepted, at least 0; null: the <see cref="Quantile"/> decides.</summary>
    public double? Tolerance { get; init; }

    public AbcMetric Metric { get; init; } = AbcMetric.MedianDeviation;

    /// <summary>The adjustment of accepted draws; null: none.</summary>
    public RegressionOptions? Regression { get; init; } = new();

    /// <summary>Whether the draws stay as they are where that gives left-out ones the larger mean log-density (as it does for modes that move apart); otherwise they are adjusted in any case.</summary>
    public bool AdjustOnlyWhereBetter { get; init; } = true;

    /// <summary>Learned summaries that simulations are compared by; null: their outputs.</summary>
    public LearnedSummaryOptions? Summary { get; init; }

    /// <summary>Numbers of draws to accept, of which the best counts; the first is for weighted rows.</summary>
    internal double[] Accepted(int simulations, int summaries)
    {
        double usual = Math.Max(LeastAccepted, RootsAccepted * Math.Sqrt(simulations));
        return Quantile is { } share ? [Math.Max(1, share * simulations)]
            : Tolerance is not null ? [simulations]
            : [Math.Min(simulations, Math.Max(usual, Regression is null ? 0 : RowsPerSummary * (summaries + 1))), Math.Min(simulations, Math.Max(LeastAccepted, Fewer * usual))];
    }

    internal AbcEstimatorOptions Checked()
    {
        if (Quantile is not (null or (> 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(Quantile), Quantile, "Expected a share in (0, 1].");
        }

        if (Tolerance is not (null or >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "Expected a distance of at least 0.");
        }

        if (Quantile is not null && Tolerance is not null)
        {
            throw new ArgumentException($"Expected a quantile or a tolerance, got {Quantile} and {Tolerance}.", nameof(Quantile));
        }

        Regression?.Checked();
        Summary?.Checked();
        return this;
    }
}
