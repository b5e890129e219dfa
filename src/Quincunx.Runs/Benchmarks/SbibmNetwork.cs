using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Benchmarks;

/// <summary>The amortised posterior of a study, trained once and scored at many observations.</summary>
/// <remarks>The simulations, the network and its draws are those of a run of the study with the same seed.</remarks>
public sealed class SbibmNetwork
{
    // The benchmark scores with this seed, whatever the seed of what is scored.
    private const ulong ScoreSeed = 1;
    private readonly StudyModel _model;
    private readonly NeuralPosterior _posterior;

    private SbibmNetwork(StudyModel model, NpeResult result, TimeSpan trained) =>
        (_model, _posterior, Training, TrainingTime) = (model, result.Posterior, result.Training, trained);

    public TrainingResult Training { get; }

    public TimeSpan TrainingTime { get; }

    /// <summary>Simulates and trains.</summary>
    /// <param name="study">Of one round: a region that was cut for one observation serves no other.</param>
    /// <exception cref="RunException">More than one round, or a simulation failed: published scores are of complete sets.</exception>
    public static SbibmNetwork Train(Study study, TimeProvider clock, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(clock);
        var model = new StudyModel(study, clock);
        if (model.Rounds != 1)
        {
            throw new RunException($"{study.File}: found {model.Rounds} rounds, expected one: the benchmark uses a network at observations that later rounds would not serve.");
        }

        SimulationSet set = new SimulationRunner(study.Simulator).Run(
            model.Prior, 0, model.Simulations(1), model.Stream(StudyModel.SimulationStream(1)), cancel: cancel);
        if (set.FailedRows.Count > 0)
        {
            throw new RunException($"{study.File}: {set.FailedRows.Count} of {set.Count} simulations failed, expected none in a benchmark.");
        }

        long began = clock.GetTimestamp();
        NpeResult result = NeuralPosteriorEstimation.Train(
            model.Bijection, set.Theta, set.X, model.Features, model.Network, model.Training(1), model.Stream(new TrainStage(model, 1).Name), cancel: cancel);
        cancel.ThrowIfCancellationRequested();
        return new SbibmNetwork(model, result, clock.GetElapsedTime(began));
    }

    /// <summary>Draws from the posterior.</summary>
    /// <param name="count">As many as the reference has: unequal numbers shift the score of a blind guess.</param>
    /// <returns>Row-major, shape <c>[count, parameters]</c>.</returns>
    public double[] Sample(ReadOnlySpan<double> observation, int count)
    {
        double[] theta = new double[count * _model.Dimension];
        _posterior.Sample(observation, theta, _model.Stream(new SampleStage(_model).Name));
        return theta;
    }

    /// <summary>The classifier's score, as the benchmark computes it.</summary>
    /// <param name="reference">Shape <c>[n, parameters]</c>.</param>
    /// <param name="draws">Of <see cref="Sample"/>.</param>
    public double Score(ReadOnlySpan<double> reference, ReadOnlySpan<double> draws, CancellationToken cancel = default) =>
        C2st.Run(reference, draws, _model.Dimension, new Rng(ScoreSeed), cancel: cancel).Accuracy;
}
