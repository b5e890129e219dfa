using Quincunx.Inference.Training;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Fresh;

/// <summary>The state of training with what the stream has counted so far, so that a resumed run counts the same.</summary>
internal sealed class FreshCheckpoints(ITrainingCheckpoints kept, SimulationStream stream) : ITrainingCheckpoints
{
    private const string Failed = "stream.failed";

    public NamedTensors? Load()
    {
        NamedTensors? state = kept.Load();
        if (state is not null && state.TryGet(Failed, out Tensor? counted))
        {
            stream.Recall([.. counted.ToArray().Select(n => (long)n)]);
        }

        return state;
    }

    public bool IsDue(TrainingProgress progress) => kept.IsDue(progress);

    public bool IsDueWithinEpoch() => kept.IsDueWithinEpoch();

    public void Save(NamedTensors state)
    {
        state.Add(Failed, [.. stream.FailedByEpoch.Select(n => (double)n)]);
        kept.Save(state);
    }
}
