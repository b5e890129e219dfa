namespace Quincunx.Runs.Onnx;

/// <summary>Element types of values in a graph.</summary>
public enum OnnxType
{
    Float32,
    Float64,
    Int64,
    Bool,
}
