using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Training;

/// <summary>Where <see cref="Trainer"/> keeps its state, so that a run that was killed ends in the same bytes as one that was not.</summary>
public interface ITrainingCheckpoints
{
    /// <summary>The state to continue from, or null to begin.</summary>
    NamedTensors? Load();

    /// <summary>Asked after every epoch: is it worth a checkpoint?</summary>
    bool IsDue(TrainingProgress progress);

    /// <summary>Asked after every step inside an epoch, which may last hours: is it worth a checkpoint?</summary>
    bool IsDueWithinEpoch() => false;

    /// <summary>Keeps the state in place of the one before.</summary>
    void Save(NamedTensors state);
}
