using Quincunx.Inference.Distributions;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Pilots;

/// <summary>Learns p(theta | x, context) in coordinates that a pilot's estimate has centred and scaled at each observation.</summary>
/// <remarks>
/// Where data are precise, a posterior is a small part of the prior, and a network that reads x has to place it to a fraction of its width. A pilot does the placing, as classical estimation does, and the network learns what is left: skewness, edges, and what is wrong with the pilot.
/// The loss is that of neural posterior estimation, since the coordinates w are a change of variables at each observation. Quick estimates as summaries: J. Alsing and B. Wandelt 2018, arXiv:1712.00012.
/// </remarks>
public static class PilotPosteriorEstimation
{
    /// <summary>Trains a network on simulations that are made while it learns, each used once, with context and noise drawn anew.</summary>
    /// <param name="measurement">What turns outputs into observations; null where they are. Without gaps.</param>
    /// <param name="options">Of the network; what it compresses and embeds are the pilot's numbers.</param>
    /// <inheritdoc cref="FreshPosteriorEstimation.TrainEndless"/>
    public static PilotResult TrainEndless(
        ISimulator simulator,
        IDistribution prior,
        IMeasurement? measurement,
        IPilot pilot,
        NeuralPosteriorOptions options,
        EndlessOptions endless,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pilot);
        FreshResult result = FreshPosteriorEstimation.Stream(simulator, prior, measurement, pilot, options, endless, training, rng, progress, checkpoints, cancel);
        return new PilotResult(result.Posterior is null ? null : new PilotPosterior(new SupportBijection(prior), pilot, result.Posterior), result);
    }

    /// <summary>A network of the same shape, to import stored weights into. The pilot is not part of the weights.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <exception cref="ArgumentException">The pilot is of another dimension.</exception>
    public static PilotPosterior Untrained(SupportBijection bijection, IPilot pilot, NeuralPosteriorOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(pilot);
        Require.Length(pilot.Dimension, bijection.Dimension, nameof(pilot));
        return new PilotPosterior(bijection, pilot, NeuralPosteriorEstimation.Untrained(Local(pilot.Dimension), PilotFrame.Context(pilot), options));
    }

    /// <summary>Of w, which may be any numbers.</summary>
    internal static SupportBijection Local(int dimension) => new([.. Enumerable.Repeat(Support.Real, dimension)]);
}
