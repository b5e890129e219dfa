using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Training;

internal sealed class MemoryCheckpoints(int every = 1) : ITrainingCheckpoints
{
    public NamedTensors? State { get; set; }

    /// <summary>Once set, nothing is saved any more: the process is dead.</summary>
    public CancellationToken Dead { get; set; }

    /// <summary>Steps inside an epoch after which it saves; 0 for never.</summary>
    public int Steps { get; init; }

    /// <summary>Called after each step inside an epoch, with the number of them.</summary>
    public Action<int>? Stepped { get; init; }

    private int Taken { get; set; }

    public NamedTensors? Load() => State;

    public bool IsDueWithinEpoch()
    {
        Taken++;
        Stepped?.Invoke(Taken);
        return Steps > 0 && Taken % Steps == 0;
    }

    public bool IsDue(TrainingProgress progress) => (progress.Latest.Epoch + 1) % every == 0;

    public void Save(NamedTensors state) => State = Dead.IsCancellationRequested ? State : state;
}
