using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Npe;

/// <summary>The scales that a network sees parameters and outputs in, from one pass over pairs in blocks.</summary>
/// <param name="Theta">Of unconstrained coordinates: their mean and standard deviation.</param>
/// <param name="X">From quantiles, which are those of a random sample where the pairs are too many to sort.</param>
/// <remarks>
/// The standard error of the rank of a quantile p of n sampled rows is √(p (1 - p) / n): 0.5 % for the median of 10,000 rows, which moves centre and scale by about 1 % of the spread.
/// </remarks>
public sealed record PairScales(Standardise Theta, FeatureScaling X)
{
    private const int FewestRows = 1000, MostRows = 100_000;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="memory">Bytes for the sample, which has from 1,000 to 100,000 rows.</param>
    /// <param name="rng">Draws the sample; not advanced.</param>
    /// <param name="groups">Outputs that are scaled alike, as for <see cref="FeatureScaling"/>.</param>
    /// <exception cref="ArgumentException">The pairs are of another shape than the bijection, there are none, or a theta lies outside the support.</exception>
    public static PairScales Fit(SupportBijection bijection, IPairBlocks pairs, long memory, Rng rng, IReadOnlyList<int>? groups = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(rng);
        (int d, int k) = (pairs.ParameterCount, pairs.OutputCount);
        long count = pairs.Rows.Sum(n => (long)n);
        if (d != bijection.Dimension || count == 0)
        {
            throw new ArgumentException($"Expected pairs of {bijection.Dimension} parameters, got {count} of {d}.", nameof(pairs));
        }

        int wanted = (int)Math.Min(count, Math.Clamp(memory / (sizeof(double) * (long)k), FewestRows, MostRows)), taken = 0;
        double[] sample = new double[wanted * k];
        int longest = pairs.Rows.Max();
        double[] thetas = new double[longest * d], zs = new double[longest * d], xs = new double[longest * k];
        var (ofZ, ofX) = (new ColumnMoments(d), new ColumnMoments(k));
        rng = rng.Split("rows");
        long seen = 0;
        for (int block = 0; block < pairs.Rows.Count; block++)
        {
            cancel.ThrowIfCancellationRequested();
            int rows = pairs.Rows[block];
            Span<double> theta = thetas.AsSpan(0, rows * d), z = zs.AsSpan(0, rows * d), x = xs.AsSpan(0, rows * k);
            pairs.Read(block, theta, x);
            bijection.ToUnconstrained(theta, z);
            ofZ.Add(z);
            ofX.Add(x);

            // Each subset of that size is as likely as any other (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
            for (int i = 0; i < rows; i++, seen++)
            {
                if (taken < wanted && (count - seen) * rng.NextDouble() < wanted - taken)
                {
                    x.Slice(i * k, k).CopyTo(sample.AsSpan(taken++ * k));
                }
            }
        }

        return new PairScales(Standardise.Fit(ofZ), FeatureScaling.Fit(sample, ofX, groups));
    }
}
