namespace Quincunx.Runs.Store;

/// <summary>A stage that keeps what it makes in a store that is no output file, and so looks itself whether all is as it was.</summary>
internal interface IStoringStage : IStage
{
    /// <summary>Why a stage that is complete, with unchanged inputs and files, is to be run again.</summary>
    /// <param name="path">Where a file of the run folder is.</param>
    /// <returns>The reason, and the file if it was damaged; null if all is well.</returns>
    (string Reason, string? File)? Fault(Func<string, string> path);
}
