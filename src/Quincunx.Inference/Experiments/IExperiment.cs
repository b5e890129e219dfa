using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Experiments;

/// <summary>A numerical experiment that a study can name: it makes data, trains a network on them or on a density, and judges what came out.</summary>
/// <remarks>
/// The three steps run one after the other, each perhaps in a process of its own: nothing passes between them but what they return. Each is a function of its arguments to the
/// last bit, whatever the number of threads. An experiment touches no file, console or clock, and its caller knows no physics.
/// </remarks>
public interface IExperiment
{
    /// <summary>Raised whenever the code gives other results for the same options and seed; what was kept of before is then not used again.</summary>
    int Version { get; }

    /// <summary>Makes what the network is trained on, or what it is compared with.</summary>
    /// <param name="rng">The stream of this step; not advanced.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    NamedTensors MakeData(Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default);

    /// <summary>Trains.</summary>
    /// <param name="data">What <see cref="MakeData"/> returned.</param>
    /// <param name="rng">The stream of this step; not advanced.</param>
    /// <param name="progress">Told after every epoch.</param>
    /// <param name="checkpoints">Where state is kept, so that training goes on after a kill and ends in the same bits; null for nowhere.</param>
    /// <param name="cancel">Cancelled training is a result with <see cref="StopReason.Cancelled"/>, not an exception.</param>
    ExperimentTraining Train(
        NamedTensors data, Rng rng, IProgress<TrainingProgress>? progress = null, ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default);

    /// <summary>Measures how good the network is, and judges.</summary>
    /// <param name="data">What <see cref="MakeData"/> returned.</param>
    /// <param name="weights">What <see cref="Train"/> returned.</param>
    /// <param name="rng">The stream of this step; not advanced.</param>
    /// <exception cref="StateException">The weights are of another network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    ExperimentResult Evaluate(NamedTensors data, NamedTensors weights, Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default);
}
