using Quincunx.Runs.Store;

namespace Quincunx.Cli.Progress;

/// <summary>Shows the progress of a run while it is under way.</summary>
internal interface IProgressDisplay
{
    /// <summary>Does the work, which may report from any thread, and shows its reports meanwhile.</summary>
    T Show<T>(Func<IProgress<StageProgress>, T> work);
}
