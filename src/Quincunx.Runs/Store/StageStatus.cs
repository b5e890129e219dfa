namespace Quincunx.Runs.Store;

/// <summary>How far a stage of a run is, as the manifest records it.</summary>
public enum StageStatus
{
    /// <summary>Started and neither ended nor stopped properly: it is at work, or the process was killed.</summary>
    Running,

    /// <summary>All its files are there.</summary>
    Complete,

    /// <summary>It ended with an error, which the manifest keeps.</summary>
    Failed,

    /// <summary>It was cancelled; it goes on from its checkpoints.</summary>
    Interrupted,
}
