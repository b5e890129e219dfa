using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Quincunx.Runs.Store;

/// <summary>Hash of the named values that a stage's outputs depend on.</summary>
/// <remarks>Every name and value goes in with its type and length, so that different lists of values never give the same bytes. The order
/// of calls matters. Doubles count by their bits.</remarks>
public sealed class InputHash
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal InputHash()
    {
    }

    public InputHash Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Append('s', name, Encoding.UTF8.GetBytes(value));
    }

    public InputHash Add(string name, long value) => Append('i', name, Bytes(value));

    public InputHash Add(string name, ulong value) => Append('u', name, Bytes((long)value));

    public InputHash Add(string name, bool value) => Append('b', name, [value ? (byte)1 : (byte)0]);

    public InputHash Add(string name, double value) => Append('d', name, Bytes(BitConverter.DoubleToInt64Bits(value)));

    public InputHash Add(string name, IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Append('D', name, [.. values.SelectMany(v => Bytes(BitConverter.DoubleToInt64Bits(v)))]);
    }

    public InputHash Add(string name, IEnumerable<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Append('I', name, [.. values.SelectMany(v => Bytes(v))]);
    }

    public InputHash Add(string name, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] list = [.. values];
        Append('L', name, Bytes(list.Length));
        foreach (string value in list)
        {
            Append('s', name, Encoding.UTF8.GetBytes(value));
        }

        return this;
    }

    internal string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    private static byte[] Bytes(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private InputHash Append(char type, string name, byte[] value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        _hash.AppendData([(byte)type]);
        _hash.AppendData(Bytes(nameBytes.Length));
        _hash.AppendData(nameBytes);
        _hash.AppendData(Bytes(value.Length));
        _hash.AppendData(value);
        return this;
    }
}
