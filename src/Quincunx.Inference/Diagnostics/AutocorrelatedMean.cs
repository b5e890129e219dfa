namespace Quincunx.Inference.Diagnostics;

/// <summary>The mean of a series whose values depend on each other, as those of a Markov chain do, with an error that knows it.</summary>
/// <remarks>
/// The Γ method of Wolff 2004 (hep-lat/0306017): autocovariances are estimated directly and summed up to a window where what is left out about equals the noise of what is
/// added, found automatically with S = 1.5. The mean of N values is as good as that of N / (2 τ) independent ones. Values that avoid each other, whose mean is better than that,
/// count as independent.
/// </remarks>
public sealed record AutocorrelatedMean
{
    private const double S = 1.5;

    private AutocorrelatedMean()
    {
    }

    public required double Mean { get; init; }

    /// <summary>Standard error of the mean.</summary>
    public required double Error { get; init; }

    /// <summary>τ, the integrated autocorrelation time in steps: ½ for independent values, and never less.</summary>
    public required double Time { get; init; }

    /// <summary>Standard error of <see cref="Time"/>.</summary>
    public required double TimeError { get; init; }

    /// <summary>Largest distance whose autocovariance was summed.</summary>
    public required int Window { get; init; }

    /// <summary>Values in all.</summary>
    public required int Count { get; init; }

    /// <summary>N / (2 τ).</summary>
    public double EffectiveCount => Count / (2 * Time);

    /// <param name="chains">Independent series of one quantity, in order, their beginnings already thrown away; each of at least two values.</param>
    /// <exception cref="ArgumentException">There is no series, or one is too short.</exception>
    public static AutocorrelatedMean Of(params IReadOnlyList<double[]> chains)
    {
        ArgumentNullException.ThrowIfNull(chains);
        if (chains.Count == 0 || chains.Any(c => c.Length < 2))
        {
            throw new ArgumentException($"Expected one or more series of at least 2 values, got lengths [{string.Join(", ", chains.Select(c => c.Length))}].", nameof(chains));
        }

        int count = chains.Sum(c => c.Length), longest = chains.Min(c => c.Length) - 1;
        double mean = chains.Sum(c => c.Sum()) / count, variance = Covariance(chains, mean, 0);
        if (!(variance > 0))
        {
            return new AutocorrelatedMean { Mean = mean, Error = variance, Time = 0.5, TimeError = 0, Window = 0, Count = count };
        }

        // A sum over t of exp(-t / tau) leaves out exp(-W / tau) and has noise of about sqrt(W / N).
        double time = 0.5;
        int window = 0;
        while (window < longest)
        {
            window++;
            time += Covariance(chains, mean, window) / variance;
            double decay = time <= 0.5 ? 0 : S / Math.Log(((2 * time) + 1) / ((2 * time) - 1));
            if (decay == 0 || Math.Exp(-window / decay) < decay / Math.Sqrt((double)window * count))
            {
                break;
            }
        }

        // The mean that is subtracted is itself that of the series, which makes every covariance too small by the square of its error.
        time = Math.Max(time, 0.5) * (1 + (((2 * window) + 1.0) / count));
        return new AutocorrelatedMean
        {
            Mean = mean,
            Error = Math.Sqrt(2 * time * variance / count),
            Time = time,
            TimeError = time * Math.Sqrt(4.0 / count * Math.Max(window + 0.5 - time, 0.5)),
            Window = window,
            Count = count,
        };
    }

    private static double Covariance(IReadOnlyList<double[]> chains, double mean, int distance)
    {
        double sum = 0;
        long pairs = 0;
        foreach (double[] chain in chains)
        {
            for (int i = distance; i < chain.Length; i++)
            {
                sum += (chain[i] - mean) * (chain[i - distance] - mean);
            }

            pairs += chain.Length - distance;
        }

        return sum / pairs;
    }
}
