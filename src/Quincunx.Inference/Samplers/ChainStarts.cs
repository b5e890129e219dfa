using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>Starts of chains that are apart from each other and at which the density is positive.</summary>
public static class ChainStarts
{
    // A whole round of attempts is one evaluation; a target that is positive on 1 % of the cube fails with probability below 1e-4 a chain.
    private const int Rounds = 1_000;

    /// <summary>Uniform on a cube about 0, drawn again where the density is 0 or not a number.</summary>
    /// <param name="radius">Half the side of the cube: 2 in unconstrained coordinates is Stan's choice.</param>
    /// <returns>Shape <c>[chains, d]</c>. Where no place of positive density was found for a chain in 1,000 attempts, its last attempt: a sampler then says <see cref="SamplerStop.NoFiniteStart"/>.</returns>
    public static double[] Uniform(ITarget target, int chains, Rng rng, double radius = 2, CancellationToken cancel = default)
    {
        if (!(radius > 0 && double.IsFinite(radius)))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "Expected a positive, finite radius.");
        }

        return From(target, chains, rng, (z, own) =>
        {
            for (int j = 0; j < z.Length; j++)
            {
                z[j] = own.NextUniform(-radius, radius);
            }
        }, cancel);
    }

    /// <summary>Drawn by the caller, for instance from a prior, as often as it takes.</summary>
    /// <inheritdoc cref="Uniform"/>
    /// <param name="draw">Writes one finite point.</param>
    public static double[] From(ITarget target, int chains, Rng rng, Action<Span<double>, Rng> draw, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chains);
        int d = target.Dimension;
        var counted = new CountedTarget(target, cancel);
        double[] starts = new double[chains * d], candidates = new double[chains * d], logDensities = new double[chains];
        Rng[] streams = [.. Enumerable.Range(0, chains).Select(c => rng.Split("start").Split(c))];
        int[] left = [.. Enumerable.Range(0, chains)];
        for (int round = 0; round < Rounds && left.Length > 0; round++)
        {
            for (int i = 0; i < left.Length; i++)
            {
                draw(starts.AsSpan(left[i] * d, d), streams[left[i]]);
                starts.AsSpan(left[i] * d, d).CopyTo(candidates.AsSpan(i * d));
            }

            counted.Evaluate(candidates.AsSpan(0, left.Length * d), logDensities.AsSpan(0, left.Length));
            left = [.. left.Where((_, i) => !double.IsFinite(logDensities[i]))];
        }

        return starts;
    }
}
