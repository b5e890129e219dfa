using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx;
using Quincunx.Runs.Onnx.Evaluation;
using Quincunx.Runs.Onnx.Export;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Compares an exported model with the engine, operation by operation.</summary>
internal static class OnnxComparison
{
    /// <summary>Exports, reads the bytes back, and evaluates; each operation gets the engine's own inputs, so that errors do not add up.</summary>
    /// <param name="tolerance">Largest |y - engine| / (1 + |engine|) of an operation.</param>
    /// <returns>The model as read, and how many operations were compared.</returns>
    public static (OnnxModel Model, int Compared) OperationByOperation(
        string name,
        IReadOnlyList<OnnxPort> inputs,
        Func<int, Tensor[]> samples,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward,
        double tolerance,
        Quincunx.Inference.Networks.IModule? module = null)
    {
        (OnnxModel written, GraphTrace trace, BuiltGraph built) = Export(name, inputs, samples, forward, module);
        OnnxModel model = OnnxModel.Parse(written.ToBytes(), name);
        Dictionary<string, GraphStep> steps = built.Values.GroupBy(v => v.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Step, StringComparer.Ordinal);
        int compared = 0;
        Dictionary<string, OnnxTensor> given = inputs.Zip(trace.Inputs, (port, tensor) => (port.Name, Value: Of(tensor.Values))).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        IReadOnlyDictionary<string, OnnxTensor> outputs = new Evaluator(model).Run(given, (value, found) =>
        {
            if (!steps.TryGetValue(value, out GraphStep? step))
            {
                return found;
            }

            compared++;
            OnnxTensor expected = Of(step.Result.Values);
            AssertClose(expected, found, tolerance, $"{name}, {value}");
            return expected;
        });
        for (int i = 0; i < trace.Outputs.Count; i++)
        {
            AssertClose(Of(trace.Outputs[i].Values), outputs[model.Outputs[i].Name], tolerance, $"{name}, output {i}");
        }

        return (model, compared);
    }

    public static (OnnxModel Model, GraphTrace Trace, BuiltGraph Built) Export(
        string name,
        IReadOnlyList<OnnxPort> inputs,
        Func<int, Tensor[]> samples,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward,
        Quincunx.Inference.Networks.IModule? module = null)
    {
        int outputs = forward(samples(GraphTrace.ShortBatch)).Count;
        return OnnxExport.Trace(name, module, inputs, [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")], samples, forward);
    }

    /// <summary>Draws for inputs whose axes of length -1 are the batch.</summary>
    public static Func<int, Tensor[]> Normal(IReadOnlyList<OnnxPort> inputs) => batch =>
    [
        .. inputs.Select((port, i) => Tensor.Normal(
            0, 1, new Rng(21).Split(batch).Split(i), new Shape([.. port.Shape.Select(n => n < 0 ? batch : n)]), port.Type == OnnxType.Float32 ? DType.Float32 : DType.Float64)),
    ];

    public static OnnxTensor Of(Tensor tensor) =>
        new(tensor.DType == DType.Float32 ? OnnxType.Float32 : OnnxType.Float64, tensor.Shape.Lengths.ToArray(), tensor.ToArray());

    /// <summary>Equal up to the tolerance; NaN is NaN, and infinities are themselves.</summary>
    public static void AssertClose(OnnxTensor expected, OnnxTensor actual, double tolerance, string what)
    {
        Assert.True(expected.Type == actual.Type && expected.Shape.SequenceEqual(actual.Shape), $"{what}: expected {expected}, got {actual}");
        for (int i = 0; i < expected.Count; i++)
        {
            double a = expected.Values[i], b = actual.Values[i];
            bool same = a.Equals(b) || Math.Abs(a - b) <= tolerance * (1 + Math.Abs(a));
            Assert.True(same, $"{what}, element {i}: expected {a:R}, got {b:R}");
        }
    }
}
