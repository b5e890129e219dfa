using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Format;
using Quincunx.Runs.Onnx.Translations;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>Turns a traced computation into an ONNX graph.</summary>
internal sealed class GraphBuilder
{
    private readonly GraphTrace _trace;
    private readonly Dictionary<int, (string Path, Parameter Parameter)> _parameters = [];
    private readonly HashSet<int> _written = [];
    private readonly NodeWriter _nodes = new();
    private readonly GraphContext _context;

    private GraphBuilder(GraphTrace trace, IModule? module, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        _trace = trace;
        foreach (string name in (IEnumerable<string>)[.. inputs, .. outputs])
        {
            _nodes.Reserve(name);
        }

        (int batchOf, int axis) = BatchAxis();
        _context = new GraphContext(_nodes, batchOf < 0 ? null : inputs[batchOf], axis);
        if (module is not null)
        {
            foreach ((string path, Parameter parameter) in ParameterTree.Of(module).Entries)
            {
                if (trace.MemoryOf(parameter.Value) is { } memory)
                {
                    _parameters.Add(memory, (path, parameter));
                }
            }
        }
    }

    /// <param name="module">Whose parameters keep their paths as names; null where there are none.</param>
    /// <param name="inputs">Names of the trace's inputs; likewise <paramref name="outputs"/>.</param>
    public static BuiltGraph Build(GraphTrace trace, string name, IModule? module, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        var builder = new GraphBuilder(trace, module, inputs, outputs);
        builder._nodes.Graph.Name = name;
        return builder.Run(inputs, outputs);
    }

    private BuiltGraph Run(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            GraphTensor input = _trace.Inputs[i];
            _nodes.Graph.Input.Add(Port(inputs[i], input));
            _context.Memory.Write(input, inputs[i]);
            _written.Add(input.Memory);
        }

        List<(string, GraphStep)> values = [];
        foreach (GraphStep step in _trace.Steps)
        {
            if (Translate(step) is { } name)
            {
                values.Add((name, step));
            }
        }

        for (int i = 0; i < outputs.Count; i++)
        {
            GraphTensor output = _trace.Outputs[i];
            RegisterConstant(output);
            _nodes.Begin(outputs[i] + "_value");
            _nodes.Name(_context.Read(output), outputs[i]);
            _nodes.Graph.Output.Add(Port(outputs[i], output));
        }

        return new BuiltGraph(_nodes.Graph, values);
    }

    private string? Translate(GraphStep step)
    {
        for (int i = 0; i < step.Inputs.Count; i++)
        {
            if (i != step.Note.PartlyRead)
            {
                RegisterConstant(step.Inputs[i]);
            }
        }

        try
        {
            _nodes.Begin(step.Note.Name);
            string? name = TranslationTable.Of(step.Note)(_context, step);
            _written.UnionWith(step.Results.Select(r => r.Memory));
            if (name is not null)
            {
                _context.Memory.Write(step.Result, name);
            }

            return name;
        }
        catch (OnnxException e) when (!e.Message.Contains(step.Note.Name, StringComparison.Ordinal))
        {
            throw new OnnxException($"{step.Note.Name}: {e.Message}", e);
        }
    }

    // What no operation wrote existed before: a weight, or a constant of the computation.
    private void RegisterConstant(GraphTensor tensor)
    {
        if (_written.Contains(tensor.Memory) || _context.Memory.IsWritten(tensor))
        {
            return;
        }

        if (_parameters.TryGetValue(tensor.Memory, out (string Path, Parameter Parameter) found))
        {
            Tensor value = found.Parameter.Value;
            Extent[] shape = Array.ConvertAll(value.Shape.Lengths.ToArray(), n => new Extent(n, n));
            var whole = new GraphTensor(tensor.Memory, Extent.Zero, shape, value.DType, value);
            _context.Memory.Write(whole, _nodes.Constant(found.Path, value));
            return;
        }

        _context.Memory.Write(tensor, _nodes.Constant("constant", tensor.Values));
    }

    private (int Input, int Axis) BatchAxis()
    {
        for (int i = 0; i < _trace.Inputs.Count; i++)
        {
            for (int axis = 0; axis < _trace.Inputs[i].Rank; axis++)
            {
                if (_trace.Inputs[i].Shape[axis] is { Short: GraphTrace.ShortBatch, Long: GraphTrace.LongBatch })
                {
                    return (i, axis);
                }
            }
        }

        return (-1, 0);
    }

    private static ValueInfo Port(string name, GraphTensor tensor)
    {
        var shape = new TensorShape();
        foreach (Extent length in tensor.Shape)
        {
            shape.Dim.Add(length.IsFixed ? new TensorShape.Types.Dimension { DimValue = length.Short } : new TensorShape.Types.Dimension { DimParam = Text(length) });
        }

        var type = tensor.DType == DType.Float32 ? TensorData.Types.ElementType.Float : TensorData.Types.ElementType.Double;
        return new ValueInfo { Name = name, Type = new TypeInfo { TensorType = new TensorType { ElemType = (int)type, Shape = shape } } };
    }

    private static string Text(Extent length)
    {
        (long slope, long offset) = GraphContext.LineOf(length);
        return (slope == 1 ? "batch" : $"{slope}*batch") + (offset == 0 ? "" : $"{offset:+0;-0}");
    }
}
