using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Independent normal noise on each output, of a level that may differ from observation to observation and then belongs to the context.</summary>
public sealed class GaussianNoise : IMeasurement
{
    private readonly IDistribution? _context;
    private readonly NoiseLevels _levels;

    /// <summary>Noise of one level, which is the context.</summary>
    /// <param name="outputs">Numbers that the simulator makes.</param>
    /// <param name="level">Distribution of the standard deviation, of one number that is positive.</param>
    /// <exception cref="ArgumentException">The distribution is not one of a positive number.</exception>
    public GaussianNoise(int outputs, IDistribution level)
        : this(outputs, Positive(level), (context, sigmas) => sigmas.Fill(context[0]))
    {
    }

    /// <summary>Noise whose levels follow from circumstances: a spectrum of the noise, an exposure time.</summary>
    /// <param name="outputs">Numbers that the simulator makes.</param>
    /// <param name="context">What training is to cover.</param>
    /// <param name="levels">Standard deviations of the outputs in given circumstances.</param>
    public GaussianNoise(int outputs, IDistribution context, NoiseLevels levels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(levels);
        (Outputs, _context, _levels) = (outputs, context, levels);
    }

    /// <summary>Noise that is always the same, without a context.</summary>
    /// <param name="sigmas">Standard deviation of each output, positive; copied.</param>
    /// <exception cref="ArgumentException">There is none, or one is not positive and finite.</exception>
    public GaussianNoise(ReadOnlySpan<double> sigmas)
    {
        double[] own = sigmas.ToArray();
        if (own.Length == 0 || Array.Exists(own, s => !(s > 0 && double.IsFinite(s))))
        {
            throw new ArgumentException($"Expected one or more positive standard deviations, got {own.Length}: {string.Join(", ", own)}.", nameof(sigmas));
        }

        (Outputs, _levels) = (own.Length, (_, into) => own.CopyTo(into));
    }

    /// <inheritdoc/>
    public int Outputs { get; }

    /// <inheritdoc/>
    public int Observed => Outputs;

    /// <inheritdoc/>
    public int ContextCount => _context?.Dimension ?? 0;

    /// <inheritdoc/>
    public void DrawContext(Span<double> context, Rng rng)
    {
        Require.Length(context.Length, ContextCount, nameof(context));
        _context?.Sample(context, rng);
    }

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<double> output, ReadOnlySpan<double> context, Span<double> observation, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Check(output, context, observation.Length);

        // The levels stand where the observation will: no memory besides.
        _levels(context, observation);
        for (int i = 0; i < observation.Length; i++)
        {
            observation[i] = output[i] + (observation[i] * rng.NextNormal());
        }
    }

    /// <summary>log p(observation | output, context), normalised. What is NaN is missing and left out, so that the density is that of what was seen.</summary>
    /// <param name="output">What the simulator gives at the parameters in question, without noise; shape <c>[Outputs]</c>.</param>
    /// <param name="context">Shape <c>[ContextCount]</c>.</param>
    /// <param name="observation">Shape <c>[Outputs]</c>.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public double LogLikelihood(ReadOnlySpan<double> output, ReadOnlySpan<double> context, ReadOnlySpan<double> observation)
    {
        Check(output, context, observation.Length);
        double[] sigmas = new double[Outputs];
        _levels(context, sigmas);
        double sum = 0;
        for (int i = 0; i < sigmas.Length; i++)
        {
            if (!double.IsNaN(observation[i]))
            {
                double pull = (observation[i] - output[i]) / sigmas[i];
                sum -= (0.5 * pull * pull) + Math.Log(sigmas[i]) + (0.5 * Math.Log(2 * Math.PI));
            }
        }

        return sum;
    }

    private void Check(ReadOnlySpan<double> output, ReadOnlySpan<double> context, int observed)
    {
        Require.Length(output.Length, Outputs, nameof(output));
        Require.Length(context.Length, ContextCount, nameof(context));
        Require.Length(observed, Outputs, "observation");
    }

    private static IDistribution Positive(IDistribution level)
    {
        ArgumentNullException.ThrowIfNull(level);
        return level.Dimension == 1 && level.Supports[0].Lower >= 0
            ? level
            : throw new ArgumentException($"Expected a distribution of one positive number, got {level.Dimension}, the first from {level.Supports[0].Lower}.", nameof(level));
    }
}
