using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Whether a message that was read is a model that can be evaluated here.</summary>
internal static class ModelCheck
{
    /// <exception cref="ArtifactException">It is not; says which part.</exception>
    public static void Require(Model model, string source)
    {
        if (model.IrVersion <= 0 || model.Graph is null || model.Graph.Node.Count == 0 || model.Graph.Output.Count == 0)
        {
            throw new ArtifactException(source, "bytes without the version, nodes or outputs of an ONNX model", "an ONNX model");
        }

        long version = model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (version is < OnnxModel.OldestOperatorVersion or > OnnxModel.OperatorVersion)
        {
            throw new ArtifactException(
                source, $"operators of version {version}", $"operators of version {OnnxModel.OldestOperatorVersion} to {OnnxModel.OperatorVersion}");
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorData weight in model.Graph.Initializer)
        {
            if (TensorReading.Fault(weight) is { } fault)
            {
                throw new ArtifactException(source, fault, "numbers of type float, double, int64 or bool that fill their shape", $"constant '{weight.Name}'");
            }

            known.Add(weight.Name);
        }

        foreach (ValueInfo input in model.Graph.Input)
        {
            RequirePort(input, source);
            known.Add(input.Name);
        }

        foreach (Node node in model.Graph.Node)
        {
            RequireNode(node, known, source);
        }

        foreach (ValueInfo output in model.Graph.Output)
        {
            RequirePort(output, source);
            if (!known.Contains(output.Name))
            {
                throw new ArtifactException(source, "no node that computes it", "one", $"output '{output.Name}'");
            }
        }
    }

    /// <summary>An input or output that has passed the check.</summary>
    public static OnnxPort Port(ValueInfo info) => new(
        info.Name,
        TensorReading.TypeOf(info.Type.TensorType.ElemType)!.Value,
        [.. info.Type.TensorType.Shape.Dim.Select(d => d.ValueCase == TensorShape.Types.Dimension.ValueOneofCase.DimValue ? (int)d.DimValue : -1)]);

    private static void RequirePort(ValueInfo info, string source)
    {
        if (info.Type?.TensorType?.Shape is not { } shape || TensorReading.TypeOf(info.Type.TensorType.ElemType) is null
            || shape.Dim.Any(d => d.DimValue is < 0 or > int.MaxValue))
        {
            throw new ArtifactException(source, "no shape, or another type", "a tensor of float, double, int64 or bool with a shape", $"input or output '{info.Name}'");
        }
    }

    private static void RequireNode(Node node, HashSet<string> known, string source)
    {
        string entry = $"node '{node.Name}'";
        if (node.Domain is not ("" or "ai.onnx") || OperatorTable.Find(node.OpType) is null)
        {
            throw new ArtifactException(
                source, $"operator {(node.Domain.Length == 0 ? "" : node.Domain + ".")}{node.OpType}",
                "one of those that an export writes: " + string.Join(", ", OperatorTable.Names.Order(StringComparer.Ordinal)), entry);
        }

        if (node.Input.FirstOrDefault(name => name.Length > 0 && !known.Contains(name)) is { } missing)
        {
            throw new ArtifactException(source, $"an input '{missing}' that nothing before it computes", "nodes in an order in which they can be computed", entry);
        }

        if (node.Output.Count != 1 || !known.Add(node.Output[0]))
        {
            throw new ArtifactException(source, $"{node.Output.Count} results, or one under a name that is taken", "one result under a name of its own", entry);
        }
    }
}
