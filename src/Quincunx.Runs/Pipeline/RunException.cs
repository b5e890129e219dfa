namespace Quincunx.Runs.Pipeline;

/// <summary>A run cannot go on because of what the study's simulator or data did; the message says what and what to do.</summary>
public sealed class RunException : Exception
{
    public RunException(string message)
        : base(message)
    {
    }

    public RunException()
    {
    }

    public RunException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
