namespace Quincunx.Runs.Reports.Figures;

/// <summary>One observed series and what the posterior, and optionally the prior, predict for it.</summary>
public sealed record PredictiveSeries
{
    /// <summary>Heading of the panel.</summary>
    public required string Name { get; init; }

    /// <summary>Label of the value axis, with its unit.</summary>
    public string ValueLabel { get; init; } = string.Empty;

    /// <summary>Where each value sits: a time, a bin, or simply 1, 2, 3. Ascending.</summary>
    public required IReadOnlyList<double> Coordinates { get; init; }

    /// <summary>As many observed values; NaN where one is missing.</summary>
    public required IReadOnlyList<double> Observed { get; init; }

    /// <summary>Replicated data from posterior draws, shape <c>[draws, coordinates]</c>, row by row; empty where there are none.</summary>
    public IReadOnlyList<double> Posterior { get; init; } = [];

    /// <summary>A weight for each posterior draw; empty for equal weights.</summary>
    public IReadOnlyList<double> PosteriorWeights { get; init; } = [];

    /// <summary>Replicated data from prior draws, of the same shape; empty where there are none.</summary>
    public IReadOnlyList<double> Prior { get; init; } = [];

    internal PredictiveSeries Checked()
    {
        int n = Coordinates.Count;
        if (Observed.Count != n)
        {
            throw new ArgumentException($"Expected {n} observed values in '{Name}', got {Observed.Count}.");
        }

        foreach (int length in new[] { Posterior.Count, Prior.Count })
        {
            if (n == 0 ? length != 0 : length % n != 0)
            {
                throw new ArgumentException($"Expected a multiple of {n} predictions in '{Name}', got {length}.");
            }
        }

        if (PosteriorWeights.Count > 0 && PosteriorWeights.Count * n != Posterior.Count)
        {
            throw new ArgumentException($"Expected {Posterior.Count / Math.Max(n, 1)} weights in '{Name}', got {PosteriorWeights.Count}.");
        }

        return this with
        {
            Coordinates = [.. Coordinates],
            Observed = [.. Observed],
            Posterior = [.. Posterior],
            PosteriorWeights = [.. PosteriorWeights],
            Prior = [.. Prior],
        };
    }
}
