namespace Quincunx.Numerics.Tensors;

/// <summary>Stored state that does not fit what it is loaded into: an entry missing, left over, or of another shape or type.</summary>
public sealed class StateException : Exception
{
    public StateException(string message)
        : base(message)
    {
    }

    public StateException()
    {
    }

    public StateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
