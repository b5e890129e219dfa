using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Quincunx.Runs.Artifacts;

/// <summary>The <c>.npy</c> byte format, versions 1.0 and 2.0 (NumPy enhancement proposal 1).</summary>
internal static partial class NpyFormat
{
    private const int MaximumHeader = 1 << 16;
    private const long UnknownLength = -1;

    private static readonly (Type Type, string Descriptor, int Size)[] Types =
    [
        (typeof(double), "<f8", 8), (typeof(float), "<f4", 4), (typeof(long), "<i8", 8), (typeof(int), "<i4", 4),
        (typeof(byte), "|u1", 1), (typeof(bool), "|b1", 1),
    ];

    public delegate void SpanAction(Span<byte> bytes);

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static string? DescriptorOf(Type type) => Array.Find(Types, t => t.Type == type).Descriptor;

    public static int SizeOf(string descriptor) => Array.Find(Types, t => t.Descriptor == descriptor).Size;

    /// <summary>Header of version 1.0 (2.0 if it is longer than 65,535 bytes), padded so that the data start at a multiple of 64.</summary>
    public static byte[] Header(NpyArray array)
    {
        string shape = array.Shape.Count switch
        {
            0 => "()",
            1 => string.Create(CultureInfo.InvariantCulture, $"({array.Shape[0]},)"),
            _ => "(" + string.Join(", ", array.Shape.Select(n => n.ToString(CultureInfo.InvariantCulture))) + ")",
        };
        string text = $"{{'descr': '{array.Descriptor}', 'fortran_order': False, 'shape': {shape}, }}";
        int prefix = Padded(10, text) - 10 <= ushort.MaxValue ? 10 : 12;
        int total = Padded(prefix, text);
        byte[] header = new byte[total];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        (header[6], header[7]) = (prefix == 10 ? (byte)1 : (byte)2, 0);
        int length = total - prefix;
        for (int i = 0; i < prefix - 8; i++)
        {
            header[8 + i] = (byte)(length >> (8 * i));
        }

        Encoding.ASCII.GetBytes(text, header.AsSpan(prefix));
        header[^1] = (byte)'\n';
        return header;

        static int Padded(int prefix, string text) => (prefix + text.Length + 1 + 63) / 64 * 64;
    }

    public static void Write(Stream stream, NpyArray array)
    {
        RequireLittleEndian();
        stream.Write(Header(array));
        array.ForBytes(bytes => stream.Write(bytes));
    }

    /// <summary>Reads one array that must fill the stream exactly.</summary>
    /// <param name="length">How many bytes the stream has.</param>
    public static NpyArray Read(Stream stream, long length, string file, string? entry)
    {
        (string descriptor, int[] shape, int count) = ReadHeader(stream, length, file, entry);
        Array values = Array.CreateInstance(Array.Find(Types, t => t.Descriptor == descriptor).Type, count);
        NpyArray array = NpyArray.Create(values, shape, descriptor);
        array.ForBytes(bytes => Fill(stream, bytes, file, entry));
        return array;
    }

    /// <summary>Reads one array and no byte more.</summary>
    /// <param name="name">What messages call it.</param>
    public static NpyArray ReadNext(Stream stream, string name) => Read(stream, UnknownLength, name, entry: null);

    /// <summary>Reads one array that must fill the stream exactly into the memory of the caller.</summary>
    /// <param name="into">Overwritten; as long as the shape says.</param>
    public static void ReadInto(Stream stream, long length, string file, string? entry, Span<byte> into, string descriptor, ReadOnlySpan<int> shape)
    {
        // Pieces that are still in the cache when the stream computes their checksum.
        const int Piece = 1 << 17;
        (string found, int[] axes, _) = ReadHeader(stream, length, file, entry);
        if (found != descriptor || !shape.SequenceEqual(axes))
        {
            throw new ArtifactException(
                file, $"shape {NpyArray.Format(axes)} of {found}", $"shape {NpyArray.Format(shape.ToArray())} of {descriptor}", entry);
        }

        for (int from = 0; from < into.Length; from += Piece)
        {
            Fill(stream, into.Slice(from, Math.Min(Piece, into.Length - from)), file, entry);
        }
    }

    private static (string Descriptor, int[] Shape, int Count) ReadHeader(Stream stream, long length, string file, string? entry)
    {
        RequireLittleEndian();
        Span<byte> start = stackalloc byte[12];
        Fill(stream, start[..8], file, entry);
        if (!start[..6].SequenceEqual(Magic))
        {
            throw new ArtifactException(file, $"the first bytes {Convert.ToHexString(start[..6])}", "a NumPy array, which starts with 934E554D5059", entry);
        }

        if (start[6] is not (1 or 2) || start[7] != 0)
        {
            throw new ArtifactException(file, $"npy format version {start[6]}.{start[7]}", "version 1.0 or 2.0", entry);
        }

        int prefix = start[6] == 1 ? 10 : 12;
        Fill(stream, start[8..prefix], file, entry);
        long headerLength = 0;
        for (int i = prefix - 1; i >= 8; i--)
        {
            headerLength = (headerLength << 8) | start[i];
        }

        if (headerLength > MaximumHeader)
        {
            throw new ArtifactException(file, $"a header of {headerLength} bytes", $"at most {MaximumHeader}", entry);
        }

        byte[] header = new byte[headerLength];
        Fill(stream, header, file, entry);
        (string descriptor, int[] shape) = ParseHeader(Encoding.Latin1.GetString(header), file, entry);

        UInt128 count = 1;
        foreach (int axis in shape)
        {
            count *= (UInt128)axis;
            if (count > (UInt128)Array.MaxLength)
            {
                throw new ArtifactException(file, $"shape {NpyArray.Format(shape)}", $"at most {Array.MaxLength} elements", entry);
            }
        }

        long data = (long)count * SizeOf(descriptor), rest = length - prefix - headerLength;
        if (data != rest && length != UnknownLength)
        {
            string verdict = rest < data ? "a truncated array: " : "";
            throw new ArtifactException(
                file, $"{verdict}{rest} bytes of data", $"{data} for shape {NpyArray.Format(shape)} of {descriptor}", entry);
        }

        return (descriptor, shape, (int)count);
    }

    private static void Fill(Stream stream, Span<byte> bytes, string file, string? entry)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read != bytes.Length)
        {
            throw new ArtifactException(file, "the end of the data in the middle of an array", "a complete NumPy array", entry);
        }
    }

    private static (string Descriptor, int[] Shape) ParseHeader(string text, string file, string? entry)
    {
        Match match = HeaderPattern().Match(text);
        if (!match.Success)
        {
            throw new ArtifactException(
                file, $"the array header \"{text.Trim()}\"", "{'descr': …, 'fortran_order': …, 'shape': …}", entry);
        }

        string descriptor = match.Groups["descr"].Value;
        if (SizeOf(descriptor) == 0)
        {
            throw new ArtifactException(file, $"elements of type {descriptor}", string.Join(", ", Types.Select(t => t.Descriptor)), entry);
        }

        var shape = new List<int>();
        foreach (string axis in match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out int n))
            {
                throw new ArtifactException(file, $"an axis of length {axis}", $"a whole number up to {int.MaxValue}", entry);
            }

            shape.Add(n);
        }

        // With at most one axis longer than 1, both orders are the same bytes.
        if (match.Groups["order"].Value == "True" && shape.Count(n => n != 1) > 1)
        {
            throw new ArtifactException(file, "an array in Fortran order", "C order (numpy.ascontiguousarray)", entry);
        }

        return (descriptor, [.. shape]);
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Arrays are read and written on little-endian processors only.");
        }
    }

    [GeneratedRegex(@"^\{\s*'descr':\s*'(?<descr>[^']*)',\s*'fortran_order':\s*(?<order>True|False),\s*'shape':\s*\((?<shape>[0-9, ]*)\),?\s*\}\s*$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HeaderPattern();
}
