namespace Quincunx.Runs.Onnx;

/// <summary>An input or output of a graph.</summary>
/// <param name="Shape">Lengths of the axes; -1 for one that is as long as the batch, or grows with it.</param>
public sealed record OnnxPort(string Name, OnnxType Type, IReadOnlyList<int> Shape)
{
    /// <summary><c>theta: Float64 [batch, 2]</c>.</summary>
    public override string ToString() => $"{Name}: {Type} [{string.Join(", ", Shape.Select(n => n < 0 ? "batch" : $"{n}"))}]";
}
