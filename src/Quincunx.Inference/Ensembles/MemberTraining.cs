using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Ensembles;

/// <summary>One member's training, an epoch at a time or, with others, a step at a time.</summary>
/// <param name="training">Checked; of one thread.</param>
/// <param name="rng">The member's.</param>
/// <param name="checkpoints">The member's; null for nowhere.</param>
internal sealed class MemberTraining(int index, NeuralPosterior member, ScaledPairs pairs, EnsembleOptions options, TrainingOptions training, Rng rng, ITrainingCheckpoints? checkpoints) : IMemberWork, IDisposable
{
    private TrainingRun? _run;
    private Relay? _relay;

    /// <summary>Null until training has ended.</summary>
    public TrainingResult? Result { get; private set; }

    public TrainingRun Run => _run ??= Begin();

    /// <inheritdoc/>
    public bool Advance(IProgress<EnsembleProgress>? progress, CancellationToken cancel)
    {
        Result = Run.Advance(Told(progress), checkpoints, cancel);
        return Result is not null;
    }

    /// <summary>Goes to the next batch.</summary>
    /// <returns>Whether training has ended.</returns>
    public bool Next(IProgress<EnsembleProgress>? progress, CancellationToken cancel)
    {
        Result = Run.Next(Told(progress), checkpoints, cancel);
        return Result is not null;
    }

    /// <summary>What follows a step.</summary>
    /// <returns>Whether training has ended.</returns>
    public bool Settle(IProgress<EnsembleProgress>? progress, CancellationToken cancel)
    {
        Result = Run.Settle(Told(progress), checkpoints, cancel);
        return Result is not null;
    }

    public void Dispose() => _run?.Dispose();

    private Relay? Told(IProgress<EnsembleProgress>? progress) => progress is null ? null : _relay ??= new Relay(index, progress);

    private TrainingRun Begin()
    {
        Rng stream = rng.Split("training");
        (EnsembleTask task, TrainingOptions own) = options.Variety == EnsembleVariety.Bootstrapped
            ? EnsembleTask.Bootstrap(member, pairs, training, rng.Split("bootstrap"), stream)
            : (EnsembleTask.Whole(member, pairs), training);
        var run = new TrainingRun(task, own, stream);
        if (checkpoints?.Load() is { } state)
        {
            run.Import(state);
        }

        return run;
    }

    private sealed class Relay(int member, IProgress<EnsembleProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new EnsembleProgress(member, value));
    }
}
