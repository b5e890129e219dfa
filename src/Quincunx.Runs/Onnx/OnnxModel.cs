using Google.Protobuf;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx.Evaluation;
using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx;

/// <summary>An ONNX model: a computation with its weights, as a file that other programs run.</summary>
public sealed class OnnxModel
{
    /// <summary>Version of the operators that are written, and the newest that are read (ONNX 1.13).</summary>
    public const int OperatorVersion = 18;

    /// <summary>Version of the file's own form that goes with those operators.</summary>
    public const int FormatVersion = 8;

    // Since 13 axes of sums are inputs, as the evaluator wants them.
    internal const int OldestOperatorVersion = 13;

    private readonly string _source;

    internal OnnxModel(Model message, string source)
    {
        (Message, _source) = (message, source);
        Inputs = [.. message.Graph.Input.Where(i => message.Graph.Initializer.All(w => w.Name != i.Name)).Select(ModelCheck.Port)];
        Outputs = [.. message.Graph.Output.Select(ModelCheck.Port)];
    }

    /// <summary>Name of the graph.</summary>
    public string Name => Message.Graph.Name;

    /// <summary>What has to be given, weights left out.</summary>
    public IReadOnlyList<OnnxPort> Inputs { get; }

    public IReadOnlyList<OnnxPort> Outputs { get; }

    /// <summary>What the model says of itself, such as the names of parameters.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Message.MetadataProps.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);

    /// <summary>How often each operator occurs, by name.</summary>
    public IReadOnlyDictionary<string, int> Operators =>
        Message.Graph.Node.CountBy(n => n.OpType, StringComparer.Ordinal).OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    internal Model Message { get; }

    /// <summary>Reads and checks a file. Only what can be evaluated here is accepted: the operators that an export writes.</summary>
    /// <exception cref="ArtifactException">Missing, no ONNX model, damaged, or with other operators or types.</exception>
    public static OnnxModel Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Reading(path, e);
        }

        return Parse(bytes, path);
    }

    /// <summary>Writes the file completely or not at all.</summary>
    /// <returns>Hash and length.</returns>
    /// <exception cref="ArtifactException">The disk refused; an old file is untouched.</exception>
    public FileFingerprint Write(string path) => AtomicFile.Write(path, "the ONNX model", stream => stream.Write(ToBytes()));

    /// <summary>The contents of the file.</summary>
    public byte[] ToBytes() => Message.ToByteArray();

    /// <summary>Computes the outputs, node by node, with plain loops that share nothing with the engine: to check a model, not to be fast.</summary>
    /// <param name="inputs">One for each of <see cref="Inputs"/>; lengths of -1 are free but must fit each other.</param>
    /// <returns>By name.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of another type or shape.</exception>
    /// <exception cref="OnnxException">A node cannot be computed; the message names it.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Evaluate(IReadOnlyDictionary<string, OnnxTensor> inputs) => new Evaluator(this).Run(inputs);

    /// <param name="source">Where the bytes are from, for messages.</param>
    internal static OnnxModel Parse(byte[] bytes, string source)
    {
        Model message;
        try
        {
            message = Model.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ArtifactException(source, $"bytes that are no ONNX model, or only a part of one ({e.Message.TrimEnd('.')})", "an ONNX model", inner: e);
        }

        ModelCheck.Require(message, source);
        return new OnnxModel(message, source);
    }

    public override string ToString() => $"{Name} from {_source}: {string.Join(", ", Inputs)} -> {string.Join(", ", Outputs)}";
}
