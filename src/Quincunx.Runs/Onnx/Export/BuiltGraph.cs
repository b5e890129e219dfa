using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>A graph, and for each operation that it was made from the name of its result.</summary>
internal sealed record BuiltGraph(Graph Graph, IReadOnlyList<(string Name, GraphStep Step)> Values);
