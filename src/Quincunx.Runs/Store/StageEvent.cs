namespace Quincunx.Runs.Store;

/// <summary>What a progress report is about.</summary>
public enum StageEvent
{
    /// <summary>The stage begins; the message says why it is run.</summary>
    Started,

    /// <summary>The stage is at work.</summary>
    Working,

    /// <summary>Something that the user should know, and that does not stop the run.</summary>
    Warning,

    /// <summary>The stage's files were made before from the same inputs and are unharmed.</summary>
    Reused,

    /// <summary>The stage has made its files.</summary>
    Completed,
}
