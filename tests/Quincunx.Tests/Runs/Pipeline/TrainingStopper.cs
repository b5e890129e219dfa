using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>Cancels a run once so many epochs of its first training are done.</summary>
internal sealed class TrainingStopper(CancellationTokenSource source, int after) : IProgress<StageProgress>
{
    public void Report(StageProgress value)
    {
        if (value is { Stage: "train-1", Event: StageEvent.Working } && value.Done >= after)
        {
            source.Cancel();
        }
    }
}
