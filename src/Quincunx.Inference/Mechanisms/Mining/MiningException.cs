namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>A mechanism cannot be mined as it is written; the message says where.</summary>
public sealed class MiningException : InvalidOperationException
{
    /// <param name="message">Names the output or site.</param>
    public MiningException(string message)
        : base(message)
    {
    }

    /// <param name="message">Names the output or site.</param>
    /// <param name="innerException">What came before.</param>
    public MiningException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without a message of its own.</summary>
    public MiningException()
    {
    }
}
