using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Ranks of true parameters among posterior draws: uniform if the posterior is right on average over the prior.</summary>
/// <remarks>
/// Talts, Betancourt, Simpson, Vehtari, Gelman 2018 (arXiv:1804.06788), with the data-dependent quantities of Modrák et al. 2023
/// (arXiv:2211.02383): marginal ranks alone miss a wrong correlation, and a posterior equal to the prior passes them.
/// </remarks>
public static class SimulationBasedCalibration
{
    // Pairs sampled at once. Fixed, because the streams of draws are split by it.
    private const int ChunkSize = 32;

    /// <param name="thetas">Shape <c>[n, d]</c>, from the prior that the posterior was trained for (a truncated one if it is).</param>
    /// <param name="xs">Shape <c>[n, k]</c>, each simulated at its row of <paramref name="thetas"/>, none of them seen in training.</param>
    /// <exception cref="InvalidOperationException">Every pair is invalid.</exception>
    public static SbcResult Run(
        IPosteriorEstimator posterior, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Rng rng,
        SbcOptions? options = null, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(rng);
        int d = posterior.Dimension, n = thetas.Length / d, k = n == 0 ? 0 : xs.Length / n;
        if (n == 0 || thetas.Length != n * d || xs.Length != n * k || k == 0)
        {
            throw new ArgumentException($"Expected n rows of {d} parameters and n observations, got {thetas.Length} and {xs.Length} values.", nameof(xs));
        }

        SbcOptions o = (options ?? new SbcOptions()).Checked(d);
        string[] names = [.. Names(o, d)];
        var ranking = new PairRanking(d, names.Length, o);
        List<double>[] uniforms = [.. names.Select(_ => new List<double>(n))];
        List<double> effective = [];
        double[] draws = new double[ChunkSize * o.Draws * d], logProbs = new double[ChunkSize];
        for (int start = 0; start < n; start += ChunkSize)
        {
            cancel.ThrowIfCancellationRequested();
            int size = Math.Min(ChunkSize, n - start);
            ReadOnlySpan<double> chunkThetas = thetas.Slice(start * d, size * d), chunkXs = xs.Slice(start * k, size * k);
            posterior.SampleMany(chunkXs, o.Draws, draws.AsSpan(0, size * o.Draws * d), rng.Split("draws").Split(start / ChunkSize));
            posterior.LogProbPairs(chunkThetas, chunkXs, logProbs.AsSpan(0, size));
            for (int i = 0; i < size; i++)
            {
                ReadOnlySpan<double> own = draws.AsSpan(i * o.Draws * d, o.Draws * d);
                if (ranking.Rank(posterior, chunkThetas.Slice(i * d, d), chunkXs.Slice(i * k, k), logProbs[i], own, rng.Split("ties").Split(start + i)))
                {
                    effective.Add(ranking.EffectiveDraws);
                    for (int q = 0; q < names.Length; q++)
                    {
                        uniforms[q].Add(ranking.Uniforms[q]);
                    }
                }
            }

            progress?.Report(start + size);
        }

        return effective.Count == 0
            ? throw new InvalidOperationException($"All {n} pairs are invalid: the posterior's draws or densities are NaN, or no draw has a positive weight.")
            : Result(names, uniforms, n, effective, o);
    }

    private static IEnumerable<string> Names(SbcOptions o, int d)
    {
        IEnumerable<string> names = o.ParameterNames.Count == d ? o.ParameterNames : Enumerable.Range(0, d).Select(i => $"theta[{i}]");
        names = names.Append(SbcResult.LogDensity);
        return o.Likelihood is null ? names : names.Append(SbcResult.LogLikelihood);
    }

    private static SbcResult Result(string[] names, List<double>[] uniforms, int pairs, List<double> effective, SbcOptions o)
    {
        EcdfBand band = EcdfBand.Simultaneous(effective.Count, o.Intervals, o.Level);
        UniformityTest[] tests = [.. uniforms.Select(u => UniformityTest.Of(u.ToArray(), band))];
        double[] adjusted = Holm([.. tests.Select(t => t.Ecdf)]);
        effective.Sort();
        return new SbcResult(
            [.. names.Select((name, q) => new SbcQuantity(
                name, [.. uniforms[q].Select(u => Math.Min(o.Draws, (int)(u * (o.Draws + 1))))], uniforms[q], tests[q], adjusted[q]))],
            effective.Count, pairs - effective.Count, o.Draws, band, effective[effective.Count / 2]);
    }

    /// <summary>Holm's step-down adjustment: the least is Bonferroni's, and the order is kept.</summary>
    internal static double[] Holm(double[] pValues)
    {
        int[] order = [.. Enumerable.Range(0, pValues.Length).OrderBy(i => pValues[i])];
        double[] adjusted = new double[pValues.Length];
        double running = 0;
        for (int i = 0; i < order.Length; i++)
        {
            running = Math.Max(running, Math.Min(1, (order.Length - i) * pValues[order[i]]));
            adjusted[order[i]] = running;
        }

        return adjusted;
    }
}
