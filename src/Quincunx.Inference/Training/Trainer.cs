using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>Mini-batch training with a validation split, early stopping and the best weights restored; shared by all neural methods.</summary>
/// <remarks>
/// The result is a function of the task, the options and the seed, to the last bit: not of the number of threads, nor of where the run
/// was interrupted and resumed.
/// </remarks>
public static class Trainer
{
    /// <summary>Changes the weights of the task's module in place, until one of <see cref="StopReason"/> holds.</summary>
    /// <param name="rng">Decides the held-out rows, the order of the others and the draws of the task; not advanced.</param>
    /// <param name="progress">Told after every epoch.</param>
    /// <param name="checkpoints">Where state is kept between epochs and, where an epoch takes long, inside one; null for nowhere.</param>
    /// <param name="cancel">Checked once a batch. Cancelled training is a result, not an exception; its last whole step is kept in
    /// <paramref name="checkpoints"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is nothing to train on.</exception>
    /// <exception cref="StateException">The checkpoint is of another task or of other options.</exception>
    public static TrainingResult Run(
        TrainingTask task,
        TrainingOptions options,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        using var run = new TrainingRun(task, options.Checked(), rng);
        if (checkpoints?.Load() is NamedTensors state)
        {
            run.Import(state);
        }

        TrainingResult? result;
        while ((result = run.Advance(progress, checkpoints, cancel)) is null)
        {
        }

        return result;
    }
}
