using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.JumpProcesses;

/// <summary><see cref="LotkaVolterraJumps"/>, seen through nine numbers.</summary>
/// <remarks>
/// Of the two populations at 151 times 0.2 apart, from 0 to 30: their means, the logarithms of 1 + their variances, their autocorrelations at lags of 0.2 and 0.4, and their correlation with each other; correlations of
/// a population that does not move are 0. Papamakarios and Murray 2016, arXiv:1605.06376, who scale them by a pilot run besides. Parameters, start and limit of events are those of the process.
/// </remarks>
public sealed class LotkaVolterraSummaries : IMechanism
{
    private const int Points = 151;

    private readonly PredatorPreyPath _path = new(Predators: 50, Prey: 100, Interval: 0.2, MostEvents: 200_000);

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["log_predator_birth", "log_predator_death", "log_prey_birth", "log_prey_eaten"];

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; } =
    [
        "predators_mean", "prey_mean", "predators_log_variance", "prey_log_variance",
        "predators_lag_1", "predators_lag_2", "prey_lag_1", "prey_lag_2", "cross_correlation",
    ];

    /// <inheritdoc/>
    /// <remarks>Choices: those of <see cref="LotkaVolterraJumps"/>.</remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<int> predators = stackalloc int[Points], prey = stackalloc int[Points];
        if (!_path.Run(theta, predators, prey, ref trace))
        {
            x.Fill(TReal.NaN);
            return;
        }

        double varianceX = Covariance(predators, predators, 0), varianceY = Covariance(prey, prey, 0);
        ReadOnlySpan<double> summaries =
        [
            Mean(predators), Mean(prey), Math.Log(1 + varianceX), Math.Log(1 + varianceY),
            Ratio(Covariance(predators, predators, 1), varianceX), Ratio(Covariance(predators, predators, 2), varianceX),
            Ratio(Covariance(prey, prey, 1), varianceY), Ratio(Covariance(prey, prey, 2), varianceY),
            Ratio(Covariance(predators, prey, 0), Math.Sqrt(varianceX * varianceY)),
        ];
        for (int i = 0; i < summaries.Length; i++)
        {
            x[i] = TReal.CreateTruncating(summaries[i]);
        }
    }

    private static double Ratio(double covariance, double variance) => variance > 0 ? covariance / variance : 0;

    private static double Mean(ReadOnlySpan<int> series)
    {
        double sum = 0;
        foreach (int value in series)
        {
            sum += value;
        }

        return sum / series.Length;
    }

    // Sum of the products of deviations that are so far apart, over all points.
    private static double Covariance(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int lag)
    {
        double meanFirst = Mean(first), meanSecond = Mean(second), sum = 0;
        for (int i = lag; i < first.Length; i++)
        {
            sum += (first[i - lag] - meanFirst) * (second[i] - meanSecond);
        }

        return sum / first.Length;
    }
}
