using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

internal sealed class MemoryCheckpoints(int every = 1) : ITrainingCheckpoints
{
    public NamedTensors? State { get; set; }

    /// <summary>Once set, nothing is saved any more: the process is dead.</summary>
    public CancellationToken Dead { get; set; }

    public NamedTensors? Load() => State;

    public bool IsDue(TrainingProgress progress) => (progress.Latest.Epoch + 1) % every == 0;

    public void Save(NamedTensors state) => State = Dead.IsCancellationRequested ? State : state;
}
