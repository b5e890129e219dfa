using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Settings and inputs of a node, with errors that say what is missing.</summary>
internal static class NodeReading
{
    public static long Int(this Node node, string name, long otherwise) => node.Find(name)?.I ?? otherwise;

    public static float Float(this Node node, string name, float otherwise) => node.Find(name)?.F ?? otherwise;

    public static string Text(this Node node, string name, string otherwise) => node.Find(name)?.S.ToStringUtf8() ?? otherwise;

    public static long[]? Ints(this Node node, string name) => node.Find(name)?.Ints.ToArray();

    /// <exception cref="OnnxException">It is left out.</exception>
    public static OnnxTensor At(this IReadOnlyList<OnnxTensor?> inputs, int index) =>
        index < inputs.Count && inputs[index] is { } input ? input : throw new OnnxException($"input {index + 1} is missing");

    /// <summary>Null where it is left out.</summary>
    public static OnnxTensor? Maybe(this IReadOnlyList<OnnxTensor?> inputs, int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>Whole numbers of an input; those beyond the range of an int, which mean "to the end", become its ends.</summary>
    public static int[] Whole(this OnnxTensor tensor) => Array.ConvertAll(tensor.Values, v => (int)Math.Clamp(v, int.MinValue, int.MaxValue));

    /// <summary>An axis counted from 0.</summary>
    /// <exception cref="OnnxException">There is none.</exception>
    public static int Axis(long axis, int rank)
    {
        long normal = axis < 0 ? axis + rank : axis;
        return normal >= 0 && normal < rank ? (int)normal : throw new OnnxException($"found axis {axis}, expected one of {rank}");
    }

    private static Format.Attribute? Find(this Node node, string name)
    {
        foreach (Format.Attribute attribute in node.Attribute)
        {
            if (attribute.Name == name)
            {
                return attribute;
            }
        }

        return null;
    }
}
