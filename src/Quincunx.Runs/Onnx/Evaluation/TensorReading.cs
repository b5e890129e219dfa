using System.Buffers.Binary;
using Quincunx.Runs.Onnx.Format;

namespace Quincunx.Runs.Onnx.Evaluation;

/// <summary>Reads the constants of a model.</summary>
internal static class TensorReading
{
    /// <summary>The type of a number in the file; null for types that do not occur here.</summary>
    public static OnnxType? TypeOf(int elementType) => (TensorData.Types.ElementType)elementType switch
    {
        TensorData.Types.ElementType.Float => OnnxType.Float32,
        TensorData.Types.ElementType.Double => OnnxType.Float64,
        TensorData.Types.ElementType.Int64 => OnnxType.Int64,
        TensorData.Types.ElementType.Bool => OnnxType.Bool,
        _ => null,
    };

    /// <summary>What is wrong with a constant, as the end of "found …"; null if nothing is.</summary>
    public static string? Fault(TensorData data)
    {
        if (TypeOf(data.DataType) is not { } type)
        {
            return $"element type {data.DataType}";
        }

        if (data.DataLocation != 0 || data.ExternalData.Count > 0)
        {
            return "numbers in another file";
        }

        long count = 1;
        foreach (long length in data.Dims)
        {
            if (length < 0 || length > int.MaxValue || (count *= length) > int.MaxValue)
            {
                return $"shape [{string.Join(", ", data.Dims)}]";
            }
        }

        long found = data.RawData.Length > 0 ? data.RawData.Length / SizeOf(type) : Typed(data, type);
        return found != count || data.RawData.Length % SizeOf(type) != 0 ? $"{found} numbers for shape [{string.Join(", ", data.Dims)}]" : null;
    }

    public static OnnxTensor Read(TensorData data)
    {
        OnnxType type = TypeOf(data.DataType)!.Value;
        int[] shape = [.. data.Dims.Select(n => (int)n)];
        double[] values = new double[Walk.Count(shape)];
        ReadOnlySpan<byte> raw = data.RawData.Span;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (type, raw.Length > 0) switch
            {
                (OnnxType.Float32, true) => BinaryPrimitives.ReadSingleLittleEndian(raw[(i * sizeof(float))..]),
                (OnnxType.Float64, true) => BinaryPrimitives.ReadDoubleLittleEndian(raw[(i * sizeof(double))..]),
                (OnnxType.Int64, true) => BinaryPrimitives.ReadInt64LittleEndian(raw[(i * sizeof(long))..]),
                (OnnxType.Bool, true) => raw[i] == 0 ? 0 : 1,
                (OnnxType.Float32, false) => data.FloatData[i],
                (OnnxType.Float64, false) => data.DoubleData[i],
                (OnnxType.Int64, false) => data.Int64Data[i],
                _ => data.Int32Data[i] == 0 ? 0 : 1,
            };
        }

        return new OnnxTensor(type, shape, values);
    }

    private static int SizeOf(OnnxType type) => type switch
    {
        OnnxType.Float32 => sizeof(float),
        OnnxType.Bool => sizeof(byte),
        _ => sizeof(double),
    };

    private static int Typed(TensorData data, OnnxType type) => type switch
    {
        OnnxType.Float32 => data.FloatData.Count,
        OnnxType.Float64 => data.DoubleData.Count,
        OnnxType.Int64 => data.Int64Data.Count,
        _ => data.Int32Data.Count,
    };
}
