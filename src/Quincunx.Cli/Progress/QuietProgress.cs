using Quincunx.Runs.Store;

namespace Quincunx.Cli.Progress;

/// <summary>Shows nothing.</summary>
internal sealed class QuietProgress : IProgressDisplay, IProgress<StageProgress>
{
    public T Show<T>(Func<IProgress<StageProgress>, T> work) => work(this);

    public void Report(StageProgress value)
    {
        // Nothing is shown.
    }
}
