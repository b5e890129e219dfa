using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Evaluates a model node by node, in float64 rounded after each node to the value's type.</summary>
/// <remarks>It shares no code with the engine, so that the two can be compared; of what the public operators can, it knows what an export writes.</remarks>
internal sealed class Evaluator(OnnxModel model)
{
    /// <param name="observe">Sees each value under its name, and may put another in its place.</param>
    public IReadOnlyDictionary<string, OnnxTensor> Run(
        IReadOnlyDictionary<string, OnnxTensor> inputs, Func<string, OnnxTensor, OnnxTensor>? observe = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var values = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (TensorData weight in model.Message.Graph.Initializer)
        {
            values[weight.Name] = TensorReading.Read(weight);
        }

        CheckInputs(inputs);
        foreach ((string name, OnnxTensor value) in inputs)
        {
            values[name] = value;
        }

        foreach (Node node in model.Message.Graph.Node)
        {
            OnnxTensor result = Compute(node, values);
            string name = node.Output[0];
            values[name] = observe is null ? result : observe(name, result);
        }

        return model.Outputs.ToDictionary(port => port.Name, port => values[port.Name], StringComparer.Ordinal);
    }

    private static OnnxTensor Compute(Node node, Dictionary<string, OnnxTensor> values)
    {
        try
        {
            OnnxTensor?[] operands = [.. node.Input.Select(name => name.Length == 0 ? null : values[name])];
            return OperatorTable.Find(node.OpType)!(node, operands);
        }
        catch (Exception e) when (e is OnnxException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new OnnxException($"Node '{node.Name}', operator {node.OpType}: {e.Message}", e);
        }
    }

    private void CheckInputs(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        foreach (OnnxPort port in model.Inputs)
        {
            if (!inputs.TryGetValue(port.Name, out OnnxTensor? given))
            {
                throw new ArgumentException($"Expected an input {port}, got {(inputs.Count == 0 ? "none" : string.Join(", ", inputs.Keys))}.", nameof(inputs));
            }

            bool fits = given.Type == port.Type && given.Shape.Count == port.Shape.Count;
            for (int axis = 0; fits && axis < given.Shape.Count; axis++)
            {
                fits = port.Shape[axis] < 0 || port.Shape[axis] == given.Shape[axis];
            }

            if (!fits)
            {
                throw new ArgumentException($"Expected an input {port}, got {given}.", nameof(inputs));
            }
        }

        if (inputs.Keys.FirstOrDefault(name => model.Inputs.All(port => port.Name != name)) is { } unknown)
        {
            throw new ArgumentException($"Expected inputs {string.Join(", ", model.Inputs)}, got one named '{unknown}'.", nameof(inputs));
        }
    }
}
