using Quincunx.Runs.Store;

namespace Quincunx.Cli.Progress;

/// <summary>Lets through every event, and of the reports on work under way one in a while and the last one.</summary>
internal sealed class Throttle(TimeProvider clock, TimeSpan interval)
{
    private long _last;
    private string? _stage;

    public bool Admits(StageProgress progress)
    {
        if (progress.Event != StageEvent.Working)
        {
            return true;
        }

        bool due = _stage != progress.Stage || clock.GetElapsedTime(_last) >= interval || (progress.Total > 0 && progress.Done >= progress.Total);
        if (due)
        {
            (_last, _stage) = (clock.GetTimestamp(), progress.Stage);
        }

        return due;
    }
}
