namespace Quincunx.Runs.Execution.Slurm;

/// <summary>A command of Slurm did not do what it was asked. It may the next time: a controller is restarted, a queue is full.</summary>
internal sealed class SlurmException(string message, bool isMissing = false) : Exception(message)
{
    /// <summary>The command is not on this machine: asking again does not help.</summary>
    public bool IsMissing => isMissing;
}
