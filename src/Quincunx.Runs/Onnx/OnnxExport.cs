using System.Reflection;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Export;
using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx;

/// <summary>Writes computations of tensors, and so networks and densities, as ONNX models.</summary>
public static class OnnxExport
{
    /// <summary>Traces a computation and writes each of its operations in standard operators.</summary>
    /// <param name="name">Name of the graph.</param>
    /// <param name="module">Whose parameters keep their paths as names; null for a computation without.</param>
    /// <param name="inputs">Float32 or float64. An axis of length -1 is the batch, of any length in the model.</param>
    /// <param name="outputs">Names of what the computation returns.</param>
    /// <param name="forward">
    /// The computation, in operations of tensors. It is evaluated for two small batches of normal numbers and must be the same operations for each; it may read no element of
    /// what it computes.
    /// </param>
    /// <param name="metadata">Kept in the model.</param>
    /// <exception cref="OnnxException">An operation has no translation, or the computation is another for another batch.</exception>
    public static OnnxModel Of(
        string name,
        IModule? module,
        IReadOnlyList<OnnxPort> inputs,
        IReadOnlyList<string> outputs,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(forward);
        OnnxPort? odd = inputs.FirstOrDefault(i => i.Type is not (OnnxType.Float32 or OnnxType.Float64));
        return odd is null
            ? Trace(name, module, inputs, outputs, batch => Samples(inputs, batch), forward, metadata).Model
            : throw new ArgumentException($"Expected inputs of Float32 or Float64, got {odd}.", nameof(inputs));
    }

    /// <summary>A module with one input and one output.</summary>
    /// <param name="forward">Rows of numbers to rows of numbers.</param>
    /// <param name="features">Numbers in a row of the input.</param>
    /// <exception cref="OnnxException">An operation has no translation, or the computation is another for another batch.</exception>
    public static OnnxModel OfRows(string name, IModule module, Func<Tensor, Tensor> forward, int features, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(forward);
        return Of(name, module, [new OnnxPort("x", TypeOf(dtype), [-1, features])], ["y"], x => [forward(x[0])]);
    }

    /// <returns>The model, and what each of its operations gave in the engine for the shorter of the two batches.</returns>
    internal static (OnnxModel Model, GraphTrace Trace, BuiltGraph Built) Trace(
        string name,
        IModule? module,
        IReadOnlyList<OnnxPort> inputs,
        IReadOnlyList<string> outputs,
        Func<int, Tensor[]> samples,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        GraphTrace trace = GraphTrace.Record(samples, forward);
        if (trace.Outputs.Count != outputs.Count)
        {
            throw new ArgumentException($"Expected {trace.Outputs.Count} names of outputs, got {outputs.Count}.", nameof(outputs));
        }

        BuiltGraph built = GraphBuilder.Build(trace, name, module, [.. inputs.Select(i => i.Name)], outputs);
        var message = new Model
        {
            IrVersion = OnnxModel.FormatVersion,
            ProducerName = "quincunx",
            ProducerVersion = typeof(OnnxExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Graph = built.Graph,
            OpsetImport = { new OperatorSet { Version = OnnxModel.OperatorVersion } },
        };
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            message.MetadataProps.Add(new Entry { Key = key, Value = value });
        }

        return (new OnnxModel(message, "this export"), trace, built);
    }

    internal static OnnxType TypeOf(DType dtype) => dtype == DType.Float32 ? OnnxType.Float32 : OnnxType.Float64;

    // Any numbers do, as long as two batches have others.
    private static Tensor[] Samples(IReadOnlyList<OnnxPort> inputs, int batch) =>
        [.. inputs.Select((port, i) => Tensor.Normal(
            0, 1, new Rng(0).Split(batch).Split(i), new Shape([.. port.Shape.Select(n => n < 0 ? batch : n)]), port.Type == OnnxType.Float32 ? DType.Float32 : DType.Float64))];
}
