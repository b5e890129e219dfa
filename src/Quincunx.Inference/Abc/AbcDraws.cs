using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Abc;

/// <summary>Weighted draws from an approximate posterior.</summary>
public sealed record AbcDraws
{
    /// <summary>Length of a draw.</summary>
    public required int Dimension { get; init; }

    /// <summary>Shape <c>[Count, Dimension]</c>, row-major.</summary>
    public required double[] Theta { get; init; }

    /// <summary>Summaries (outputs, where no summary is used) of the simulation of each draw: shape <c>[Count, summaries]</c>, row-major.</summary>
    public required double[] Summaries { get; init; }

    /// <summary>Their distances from the observation; shape <c>[Count]</c>.</summary>
    public required double[] Distances { get; init; }

    /// <summary>Positive, with sum 1; shape <c>[Count]</c>.</summary>
    public required double[] Weights { get; init; }

    public int Count => Weights.Length;

    /// <summary>Kish's (Σ w)² / Σ w²; 0 where there are no draws.</summary>
    public double EffectiveSampleSize => Count == 0 ? 0 : 1 / Weights.Sum(w => w * w);

    internal static AbcDraws None(int dimension) => new() { Dimension = dimension, Theta = [], Summaries = [], Distances = [], Weights = [] };

    /// <summary>The draws of some rows with new weights.</summary>
    /// <param name="weights">Those of <paramref name="rows"/>; divided by their sum.</param>
    internal AbcDraws Select(ReadOnlySpan<int> rows, ReadOnlySpan<double> weights)
    {
        int d = Dimension, m = Count == 0 ? 0 : Summaries.Length / Count;
        double[] theta = new double[rows.Length * d], summaries = new double[rows.Length * m], distances = new double[rows.Length], normalised = weights.ToArray();
        double sum = normalised.Sum();
        for (int i = 0; i < rows.Length; i++)
        {
            Theta.AsSpan(rows[i] * d, d).CopyTo(theta.AsSpan(i * d));
            Summaries.AsSpan(rows[i] * m, m).CopyTo(summaries.AsSpan(i * m));
            (distances[i], normalised[i]) = (Distances[rows[i]], normalised[i] / sum);
        }

        return new AbcDraws { Dimension = d, Theta = theta, Summaries = summaries, Distances = distances, Weights = normalised };
    }

    /// <summary>Equally weighted draws, with repeats, by systematic resampling.</summary>
    /// <param name="count">Rows; more than <see cref="EffectiveSampleSize"/> bring repeats and no information.</param>
    /// <returns>Shape <c>[count, Dimension]</c>, row-major.</returns>
    /// <exception cref="InvalidOperationException">There are no draws.</exception>
    public double[] Resample(int count, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(rng);
        if (Count == 0)
        {
            throw new InvalidOperationException("There are no draws to choose from.");
        }

        int[] rows = ImportanceWeights.FromLog([.. Weights.Select(w => Math.Log(w))]).Resample(count, rng);
        double[] theta = new double[count * Dimension];
        for (int i = 0; i < count; i++)
        {
            Theta.AsSpan(rows[i] * Dimension, Dimension).CopyTo(theta.AsSpan(i * Dimension));
        }

        return theta;
    }
}
