using Google.Protobuf;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Onnx;
using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Files as they are written, and what is said of those that cannot be used.</summary>
public sealed class OnnxFileTests
{
    [Fact]
    public void WriteAndRead_GiveTheSameModel()
    {
        using var folder = new ScratchFolder();
        OnnxModel model = Small();
        FileFingerprint written = model.Write(folder["a/small.onnx"]);
        OnnxModel read = OnnxModel.Read(folder["a/small.onnx"]);
        Assert.Equal(written, FileFingerprint.Of(folder["a/small.onnx"]));
        Assert.Equal(model.ToBytes(), read.ToBytes());
        Assert.Equal(["small.onnx"], Directory.EnumerateFileSystemEntries(folder["a"]).Select(Path.GetFileName));
        Assert.Equal(model.Operators, read.Operators);
    }

    [Fact]
    public void Page_Example_GivesTheNetworksOutputs()
    {
        using var folder = new ScratchFolder();
        string path = folder["mlp.onnx"];
        // snippet: onnx
        var network = new Mlp(inputs: 3, hidden: [16], outputs: 2, new Rng(seed: 1));
        OnnxModel model = OnnxExport.OfRows("mlp", network, network.Forward, features: 3);
        model.Write(path);

        var x = new OnnxTensor(OnnxType.Float32, [2, 3], [1, 2, 3, 4, 5, 6]);                   // two rows
        IReadOnlyDictionary<string, OnnxTensor> outputs = OnnxModel.Read(path).Evaluate(new Dictionary<string, OnnxTensor> { ["x"] = x });
        // end-snippet
        OnnxComparison.AssertClose(OnnxComparison.Of(network.Forward(Tensor.From(x.Values, new Shape(2, 3), DType.Float32))), outputs["y"], 1e-6, "the page's example");
    }

    // Byte for byte by the public wire format, so that a slip in the definitions shows: field 1 (version) 8, then the producer's name in field 2.
    [Fact]
    public void Bytes_BeginAsThePublicSchemaSays()
    {
        byte[] bytes = Small().ToBytes();
        Assert.Equal([0x08, 0x08, 0x12, 0x08, .. "quincunx"u8.ToArray()], bytes[..12]);

        // The graph is field 7, the operator set field 8: version 18 of the standard operators.
        byte[] operators = [0x42, 0x02, 0x10, 0x12];
        Assert.True(bytes.AsSpan().IndexOf(operators) > 0);
        Assert.True(bytes.AsSpan().IndexOf((byte)0x3a) > 0);
    }

    [Fact]
    public void Bytes_OfEqualNetworks_AreEqual() => Assert.Equal(Small().ToBytes(), Small().ToBytes());

    [Fact]
    public void Read_NoSuchFile_SaysSo()
    {
        using var folder = new ScratchFolder();
        ArtifactException error = Assert.Throws<ArtifactException>(() => OnnxModel.Read(folder["no.onnx"]));
        Assert.Contains("found no such file", error.Message, StringComparison.Ordinal);
    }

    // Cut anywhere, the message ends inside a field or lacks its later fields: neither passes.
    [Fact]
    public void Read_TruncatedAnywhere_IsRefused()
    {
        byte[] bytes = Small().ToBytes();
        for (int length = 0; length < bytes.Length; length += 1 + (bytes.Length / 300))
        {
            ArtifactException error = Assert.Throws<ArtifactException>(() => OnnxModel.Parse(bytes[..length], "cut.onnx"));
            Assert.Matches("^cut.onnx: .*found .*, expected .*\\.$", error.Message);
        }
    }

    // A changed byte may be a harmless one (a weight); what it must not be is another kind of exception.
    [Fact]
    public void Read_AnyByteChanged_IsReadOrRefusedButNothingElse()
    {
        byte[] bytes = Small().ToBytes();
        var input = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal) { ["x"] = new(OnnxType.Float32, [2, 3], [1, 2, 3, 4, 5, 6]) };
        int refused = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            foreach (byte flip in (ReadOnlySpan<byte>)[0x01, 0x80, 0xff])
            {
                byte[] changed = [.. bytes];
                changed[i] ^= flip;
                try
                {
                    OnnxModel.Parse(changed, "changed.onnx").Evaluate(input);
                }
                catch (Exception e) when (e is ArtifactException or OnnxException or ArgumentException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > bytes.Length, $"{refused} of {3 * bytes.Length}");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("zeros")]
    [InlineData("picture")]
    public void Read_ForeignBytes_AreRefused(string kind)
    {
        byte[] bytes = kind switch
        {
            "text" => "format: 1\ntitle: a study\n"u8.ToArray(),
            "zeros" => new byte[100],
            _ => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d],
        };
        ArtifactException error = Assert.Throws<ArtifactException>(() => OnnxModel.Parse(bytes, kind));
        Assert.Contains("expected an ONNX model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OperatorNobodyWrites_IsNamed() =>
        AssertRefused(m => m.Graph.Node[0].OpType = "LSTM", "node 'Transpose/Transpose': found operator LSTM, expected one of those that an export writes");

    [Fact]
    public void Read_OperatorOfAnotherDomain_IsNamed() => AssertRefused(m => m.Graph.Node[0].Domain = "com.example", "found operator com.example.Transpose");

    [Fact]
    public void Read_VersionOfOperators_IsNamed() => AssertRefused(m => m.OpsetImport[0].Version = 99, "found operators of version 99, expected operators of version 13 to 18");

    [Fact]
    public void Read_NodesOutOfOrder_AreNamed() =>
        AssertRefused(
            m =>
            {
                Node first = m.Graph.Node[0];
                m.Graph.Node.RemoveAt(0);
                m.Graph.Node.Add(first);
            },
            "that nothing before it computes");

    [Fact]
    public void Read_WeightsThatDoNotFillTheirShape_AreNamed() =>
        AssertRefused(m => m.Graph.Initializer[0].Dims[0]++, "constant 'layers.0.weight': found 12 numbers for shape [5, 3]");

    [Fact]
    public void Read_NumbersInAnotherFile_AreRefused() => AssertRefused(m => m.Graph.Initializer[0].DataLocation = 1, "found numbers in another file");

    [Fact]
    public void Read_WeightsInTypedFields_AreUnderstood()
    {
        OnnxModel model = Small();
        TensorData weight = model.Message.Graph.Initializer[0];
        float[] values = [.. Enumerable.Range(0, 12).Select(i => BitConverter.ToSingle(weight.RawData.Span.Slice(4 * i, 4)))];
        var input = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal) { ["x"] = new(OnnxType.Float32, [2, 3], [1, 2, 3, 4, 5, 6]) };
        double[] expected = model.Evaluate(input)["y"].Values;
        weight.RawData = ByteString.Empty;
        weight.FloatData.Add(values);
        Assert.Equal(expected, OnnxModel.Parse(model.ToBytes(), "typed").Evaluate(input)["y"].Values);
    }

    [Fact]
    public void Evaluate_InputsThatDoNotFit_AreNamed()
    {
        OnnxModel model = Small();
        var x = new OnnxTensor(OnnxType.Float32, [2, 4], new double[8]);
        Assert.Contains("Expected an input x: Float32 [batch, 3], got none", Message([]), StringComparison.Ordinal);
        Assert.Contains("Expected an input x: Float32 [batch, 3], got Float32 [2, 4]", Message(new() { ["x"] = x }), StringComparison.Ordinal);
        Assert.Contains("got one named 'z'", Message(new() { ["x"] = new(OnnxType.Float32, [1, 3], new double[3]), ["z"] = x }), StringComparison.Ordinal);

        string Message(Dictionary<string, OnnxTensor> inputs) => Assert.Throws<ArgumentException>(() => model.Evaluate(inputs)).Message;
    }

    private static OnnxModel Small()
    {
        var network = new Mlp(3, [4], 2, new Rng(1));
        return OnnxExport.OfRows("small", network, network.Forward, 3);
    }

    private static void AssertRefused(Action<Model> change, string message)
    {
        Model changed = Small().Message.Clone();
        change(changed);
        ArtifactException error = Assert.Throws<ArtifactException>(() => OnnxModel.Parse(changed.ToByteArray(), "changed.onnx"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
