using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>A measurement that loses numbers of the observation: they are NaN.</summary>
/// <remarks>
/// What is lost must not depend on the values (missing at random: Rubin 1976, Biometrika 63, 581): then the posterior given what was seen is that of the marginal likelihood, and it is what a network
/// with <see cref="Npe.MissingValues.Embedded"/> learns, for every pattern that is drawn while it is trained. A detector that saturates loses large values, and belongs into the simulator.
/// </remarks>
public sealed class Gaps : IMeasurement
{
    private readonly IMeasurement _measurement;
    private readonly MissingPattern _pattern;

    /// <param name="measurement">What is observed without the gaps.</param>
    /// <param name="pattern">Called from many threads at once.</param>
    public Gaps(IMeasurement measurement, MissingPattern pattern)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(pattern);
        (_measurement, _pattern) = (measurement, pattern);
    }

    /// <summary>Gaps in outputs that are observed as they are.</summary>
    /// <param name="outputs">Numbers that the simulator makes.</param>
    /// <param name="pattern">Called from many threads at once.</param>
    public Gaps(int outputs, MissingPattern pattern)
        : this(new Unchanged(outputs), pattern)
    {
    }

    /// <inheritdoc/>
    public int Outputs => _measurement.Outputs;

    /// <inheritdoc/>
    public int Observed => _measurement.Observed;

    /// <inheritdoc/>
    public int ContextCount => _measurement.ContextCount;

    /// <summary>Each number is missing by itself, with a probability that is drawn for each observation, so that full and nearly empty ones are all covered.</summary>
    /// <param name="least">Lowest probability, from 0.</param>
    /// <param name="most">Highest probability, to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probabilities are not in order.</exception>
    public static MissingPattern Independent(double least, double most)
    {
        if (!(least >= 0 && least <= most && most <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(most), most, $"Expected 0 <= least <= most <= 1, got {least} and {most}.");
        }

        return (missing, rng) =>
        {
            double share = least + ((most - least) * rng.NextDouble());
            foreach (ref bool lost in missing)
            {
                lost = rng.NextDouble() < share;
            }
        };
    }

    /// <summary>The gaps of observations that were made, each as often as any other.</summary>
    /// <param name="observations">Row-major, shape <c>[n, observed]</c>, NaN where something is missing.</param>
    /// <param name="observed">Length of a row.</param>
    /// <exception cref="ArgumentException">There is no row, or a part of one.</exception>
    public static MissingPattern Of(ReadOnlySpan<double> observations, int observed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observed);
        if (observations.IsEmpty || observations.Length % observed != 0)
        {
            throw new ArgumentException($"Expected one or more rows of {observed} numbers, got {observations.Length} numbers.", nameof(observations));
        }

        bool[] patterns = new bool[observations.Length];
        for (int i = 0; i < patterns.Length; i++)
        {
            patterns[i] = double.IsNaN(observations[i]);
        }

        return (missing, rng) => patterns.AsSpan(rng.NextInt32(patterns.Length / observed) * observed, observed).CopyTo(missing);
    }

    /// <inheritdoc/>
    public void DrawContext(Span<double> context, Rng rng) => _measurement.DrawContext(context, rng);

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<double> output, ReadOnlySpan<double> context, Span<double> observation, Rng rng)
    {
        const int LargestOnStack = 1024;
        _measurement.Observe(output, context, observation, rng);
        Span<bool> missing = Observed <= LargestOnStack ? stackalloc bool[Observed] : new bool[Observed];
        missing.Clear();
        _pattern(missing, rng);
        for (int i = 0; i < missing.Length; i++)
        {
            observation[i] = missing[i] ? double.NaN : observation[i];
        }
    }
}
