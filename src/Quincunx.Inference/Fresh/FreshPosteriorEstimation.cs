using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Pilots;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Learns p(theta | x, context) from observations that are made anew in every step of training, so that over-fitting has nothing to hold on to.</summary>
/// <remarks>
/// Either the simulations are stored and their noise is drawn again, or the simulations themselves are: new ones for each epoch, each used once. The loss is that of neural posterior estimation
/// (Papamakarios and Murray 2016, arXiv:1605.06376); noise drawn in every step and the noise level as context as in M. Vasist et al. 2023, arXiv:2301.06575, and T. D. Gebhard et al. 2024, arXiv:2410.21477. Held-out rows have
/// one observation each, always the same. The result takes observations with their context appended, and <see cref="NeuralPosteriorEstimation.Untrained"/> makes the network that its weights fit.
/// </remarks>
public static class FreshPosteriorEstimation
{
    /// <summary>Half a cosine from 1e-3 without weight decay, which is a cure for rows learned by heart.</summary>
    public static TrainingOptions DefaultTraining { get; } = new()
    {
        BatchSize = 256,
        LearningRate = 1e-3,
        Schedule = RateSchedule.Cosine,
        MaxEpochs = 50,
        Patience = 50,
    };

    /// <summary>Trains a new network on stored simulations whose observations are drawn anew in every step.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior.</param>
    /// <param name="outputs">Of the simulator, before the measurement: shape <c>[n, measurement.Outputs]</c>, row-major, finite.</param>
    /// <param name="measurement">What turns outputs into observations; null where they are.</param>
    /// <param name="augmentation">A symmetry of prior and simulator, under which each row is changed anew in every step, before it is measured; null for none.</param>
    /// <param name="rng">Decides the initial weights, the split, the order of batches and all noise; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support or is changed to one outside it, or observations have gaps and the network is not one for gaps.</exception>
    public static NpeResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> outputs,
        IMeasurement? measurement,
        NeuralPosteriorOptions options,
        TrainingOptions training,
        Rng rng,
        IAugmentation? augmentation = null,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        measurement ??= new Unchanged(outputs.Length / Math.Max(1, thetas.Length / bijection.Dimension));
        _ = PairRows.Count(bijection.Dimension, thetas, measurement.Outputs, outputs);
        PairRows.CheckFinite(outputs, measurement.Outputs, nameof(outputs));
        var rows = new FreshRows(bijection, measurement, thetas.ToArray(), outputs.ToArray(), pilot: null, augmentation);
        NeuralPosterior posterior = rows.CreatePosterior(options, rng);
        return new NpeResult(posterior, Trainer.Run(new FreshTask(posterior, rows, rng.Split("held out")), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>Trains a new network on simulations that are made while it learns, each used once.</summary>
    /// <param name="measurement">What turns outputs into observations; null where they are.</param>
    /// <param name="rng">Decides the simulations (event i is a function of this and i), the initial weights, the order of batches and all noise; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <param name="cancel">Looked at in every step and by the simulations.</param>
    /// <exception cref="ArgumentException">Prior, simulator and measurement do not fit, or observations have gaps and the network is not one for gaps.</exception>
    /// <exception cref="InvalidOperationException">The prior drew a parameter that is not finite.</exception>
    public static FreshResult TrainEndless(
        ISimulator simulator,
        IDistribution prior,
        IMeasurement? measurement,
        NeuralPosteriorOptions options,
        EndlessOptions endless,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default) =>
        Stream(simulator, prior, measurement, pilot: null, options, endless, training, rng, progress, checkpoints, cancel);

    /// <param name="pilot">What the network sees in place of observations; null for the observations.</param>
    internal static FreshResult Stream(
        ISimulator simulator,
        IDistribution prior,
        IMeasurement? measurement,
        IPilot? pilot,
        NeuralPosteriorOptions options,
        EndlessOptions endless,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress,
        ITrainingCheckpoints? checkpoints,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(endless);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(rng);
        measurement ??= new Unchanged(simulator.OutputNames.Count);
        if (measurement.Outputs != simulator.OutputNames.Count)
        {
            throw new ArgumentException($"Expected a measurement of {simulator.OutputNames.Count} outputs, got one of {measurement.Outputs}.", nameof(measurement));
        }

        var bijection = new SupportBijection(prior);
        var runner = new SimulationRunner(simulator, endless.Checked().Simulation);
        using var stream = new SimulationStream(runner, prior, endless, training.Checked().MaxEpochs, rng, cancel);
        SimulationSet? first;
        try
        {
            first = stream.First();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new FreshResult { Stop = FreshStop.Cancelled };
        }

        if (first is null)
        {
            return new FreshResult
            {
                Stop = FreshStop.SimulationsFail,
                Simulations = stream.Used,
                Failed = stream.Failed,
                Failures = [.. stream.Failures],
                Advice = "At most one in a hundred simulations succeeds. See the failures, and restrict the prior to where simulations succeed.",
            };
        }

        var rows = new FreshRows(bijection, measurement, first.Theta, first.X, pilot);
        NeuralPosterior posterior = rows.CreatePosterior(options, rng);
        TrainingResult result = Trainer.Run(new FreshTask(posterior, rows, rng.Split("held out"), stream), training, rng.Split("training"), progress, checkpoints is null ? null : new FreshCheckpoints(checkpoints, stream), cancel);
        stream.Dispose();       // so that what it counts no longer moves
        return new FreshResult
        {
            Stop = FreshStop.Trained,
            Posterior = posterior,
            Training = result,
            Simulations = stream.Used,
            Failed = stream.Failed,
            Unused = stream.Unused,
            Failures = [.. stream.Failures],
            Advice = result.StopReason == StopReason.Diverged ? "Training diverged: lower the learning rate, or look at the outputs for values far from all others." : null,
        };
    }
}
