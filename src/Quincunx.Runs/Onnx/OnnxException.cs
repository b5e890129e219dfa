namespace Quincunx.Runs.Onnx;

/// <summary>A computation cannot be written as an ONNX graph, or a graph cannot be evaluated; the message names the operation and says why.</summary>
public sealed class OnnxException : Exception
{
    public OnnxException(string message)
        : base(message)
    {
    }

    public OnnxException()
    {
    }

    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
