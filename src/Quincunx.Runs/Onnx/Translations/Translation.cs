using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Runs.Onnx.Translations;

/// <summary>Writes the nodes of one operation.</summary>
/// <returns>Name of its first result, or null where that is complete only later; further results are written to the memory.</returns>
internal delegate string? Translation(GraphContext graph, GraphStep step);
