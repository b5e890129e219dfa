using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Computes one node.</summary>
/// <param name="inputs">Null where an optional one is left out.</param>
internal delegate OnnxTensor Operator(Node node, IReadOnlyList<OnnxTensor?> inputs);
