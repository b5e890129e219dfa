using Google.Protobuf;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Export;

/// <summary>Adds nodes and constants to a graph under names that are used once.</summary>
internal sealed class NodeWriter
{
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private string _scope = "";

    public Graph Graph { get; } = new();

    /// <summary>Nodes from here on are parts of this operation, and are named after it.</summary>
    public void Begin(string operation) => _scope = Unique(operation);

    /// <summary>Adds a node with one result.</summary>
    /// <param name="settings">Whole numbers (long, int, long[], bool) or numbers (float).</param>
    /// <returns>Name of the result.</returns>
    public string Node(string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> settings)
    {
        string name = Unique($"{_scope}/{op}");
        var node = new Node { OpType = op, Name = name };
        foreach (string input in inputs)
        {
            node.Input.Add(input);
        }

        node.Output.Add(name);
        foreach ((string setting, object value) in settings)
        {
            node.Attribute.Add(AttributeOf(setting, value));
        }

        Graph.Node.Add(node);
        return name;
    }

    /// <summary>Gives a value a name of its own.</summary>
    public void Name(string value, string name) =>
        Graph.Node.Add(new Node { OpType = "Identity", Name = $"{name}/Identity", Input = { value }, Output = { name } });

    /// <summary>A constant of no axes.</summary>
    public string Number(double value, DType dtype)
    {
        string key = $"{dtype}/{value:R}/{BitConverter.DoubleToInt64Bits(value)}";
        return _constants.TryGetValue(key, out string? name) ? name
            : Keep(key, dtype == DType.Float32 ? "number32" : "number64", Data(Tensor.From([value], Shape.Scalar, dtype)));
    }

    /// <summary>A constant vector of whole numbers, as shapes, axes and places are.</summary>
    public string Ints(params ReadOnlySpan<long> values)
    {
        string key = "ints/" + string.Join(',', values.ToArray());
        return _constants.TryGetValue(key, out string? name) ? name : Keep(key, "ints", IntData(values, [values.Length]));
    }

    /// <summary>A whole number without axes.</summary>
    public string Int(long value)
    {
        string key = $"int/{value}";
        return _constants.TryGetValue(key, out string? name) ? name : Keep(key, "int", IntData([value], []));
    }

    /// <summary>A constant array of whole numbers.</summary>
    public string Places(Indices indices, params ReadOnlySpan<long> shape)
    {
        long[] values = Array.ConvertAll(indices.AsSpan().ToArray(), i => (long)i);
        string key = $"places/{string.Join(',', shape.ToArray())}/{string.Join(',', values)}";
        return _constants.TryGetValue(key, out string? name) ? name : Keep(key, "places", IntData(values, shape));
    }

    /// <summary>A constant array of truth values.</summary>
    public string Mask(bool[] values, params ReadOnlySpan<long> shape)
    {
        string key = $"mask/{string.Join(',', shape.ToArray())}/{string.Concat(values.Select(v => v ? '1' : '0'))}";
        if (_constants.TryGetValue(key, out string? name))
        {
            return name;
        }

        byte[] bytes = Array.ConvertAll(values, v => v ? (byte)1 : (byte)0);
        return Keep(key, "mask", With(new TensorData { DataType = (int)TensorData.Types.ElementType.Bool, RawData = ByteString.CopyFrom(bytes) }, shape));
    }

    /// <summary>A weight or another constant of the computation.</summary>
    public string Constant(string name, Tensor values)
    {
        string unique = Unique(name);
        TensorData data = Data(values);
        data.Name = unique;
        Graph.Initializer.Add(data);
        return unique;
    }

    /// <summary>Keeps a name for an input or output.</summary>
    /// <exception cref="OnnxException">It is taken.</exception>
    public void Reserve(string name)
    {
        if (!_used.TryAdd(name, 0))
        {
            throw new OnnxException($"Two inputs or outputs are named '{name}'.");
        }
    }

    private string Keep(string key, string name, TensorData data)
    {
        data.Name = Unique("constant/" + name);
        Graph.Initializer.Add(data);
        _constants.Add(key, data.Name);
        return data.Name;
    }

    private string Unique(string name)
    {
        while (!_used.TryAdd(name, 0))
        {
            // The count belongs to the bare name, so that a graph of thousands of nodes is not searched anew for each.
            int number = ++_used[name];
            string numbered = $"{name}_{number}";
            if (_used.TryAdd(numbered, 0))
            {
                return numbered;
            }
        }

        return name;
    }

    private static Format.Attribute AttributeOf(string name, object value)
    {
        var attribute = new Format.Attribute { Name = name };
        switch (value)
        {
            case long or int or bool:
                (attribute.Type, attribute.I) = (Format.Attribute.Types.Kind.Int, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case float number:
                (attribute.Type, attribute.F) = (Format.Attribute.Types.Kind.Float, number);
                break;
            case long[] numbers:
                attribute.Type = Format.Attribute.Types.Kind.Ints;
                attribute.Ints.Add(numbers);
                break;
            case string text:
                (attribute.Type, attribute.S) = (Format.Attribute.Types.Kind.String, ByteString.CopyFromUtf8(text));
                break;
            default:
                throw new ArgumentException($"Expected numbers, got {value.GetType().Name}.", nameof(value));
        }

        return attribute;
    }

    private static TensorData Data(Tensor values)
    {
        var type = values.DType == DType.Float32 ? TensorData.Types.ElementType.Float : TensorData.Types.ElementType.Double;
        return With(
            new TensorData { DataType = (int)type, RawData = LittleEndian(values) }, Array.ConvertAll(values.Shape.Lengths.ToArray(), n => (long)n));
    }

    private static TensorData IntData(ReadOnlySpan<long> values, ReadOnlySpan<long> shape)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return With(new TensorData { DataType = (int)TensorData.Types.ElementType.Int64, RawData = ByteString.CopyFrom(bytes) }, shape);
    }

    private static TensorData With(TensorData data, ReadOnlySpan<long> shape)
    {
        data.Dims.Add(shape.ToArray());
        return data;
    }

    private static ByteString LittleEndian(Tensor values)
    {
        if (values.DType == DType.Float32)
        {
            byte[] singles = new byte[values.Count * sizeof(float)];
            ReadOnlySpan<float> from = values.AsSpan<float>();
            for (int i = 0; i < from.Length; i++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(singles.AsSpan(i * sizeof(float)), from[i]);
            }

            return UnsafeByteOperations.UnsafeWrap(singles);
        }

        byte[] doubles = new byte[values.Count * sizeof(double)];
        ReadOnlySpan<double> source = values.AsSpan<double>();
        for (int i = 0; i < source.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(doubles.AsSpan(i * sizeof(double)), source[i]);
        }

        return UnsafeByteOperations.UnsafeWrap(doubles);
    }
}
