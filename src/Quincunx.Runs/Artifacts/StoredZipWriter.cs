using System.Buffers.Binary;
using System.Text;

namespace Quincunx.Runs.Artifacts;

/// <summary>Writes a zip file of uncompressed entries to a stream that need not seek, always as the same bytes.</summary>
/// <remarks>
/// PKWARE APPNOTE 6.3: local header, data, then the central directory. Sizes and checksums are known before the data, so no data
/// descriptors are needed. Entries, offsets or directories beyond 4 GiB use the zip64 fields, smaller ones do not.
/// The base class library's writer is not used because it records the operating system in the file.
/// </remarks>
internal sealed class StoredZipWriter(Stream stream)
{
    private const ushort DosDate = (0 << 9) | (1 << 5) | 1;    // 1980-01-01, the earliest date of the format
    private readonly List<(byte[] Name, uint Crc, long Length, long Offset)> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _position;

    /// <param name="write">Must write <paramref name="length"/> bytes of checksum <paramref name="crc"/>.</param>
    public void Add(string name, uint crc, long length, Action<Stream> write)
    {
        if (name.Length is < 5 or > 1000 || name.Any(c => char.IsControl(c) || c is '/' or '\\') || name[0] == '.')
        {
            throw new ArgumentException($"Expected a name without '/', '\\', control characters and '.' in front, got '{name}'.", nameof(name));
        }

        if (!_names.Add(name))
        {
            throw new ArgumentException($"Expected different names, got '{name}' twice.", nameof(name));
        }

        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        _entries.Add((nameBytes, crc, length, _position));
        bool large = length >= uint.MaxValue;
        var header = new Fields(30 + nameBytes.Length + 20);
        header.U32(0x04034b50);
        header.U16(large ? (ushort)45 : (ushort)20);
        Common(ref header, nameBytes, crc, large ? uint.MaxValue : (uint)length, extra: large ? (ushort)20 : (ushort)0);
        header.Bytes(nameBytes);
        if (large)
        {
            header.U16(1);
            header.U16(16);
            header.U64(length);
            header.U64(length);
        }

        Emit(header);
        write(stream);
        _position += length;
    }

    public void Finish()
    {
        long start = _position;
        foreach ((byte[] name, uint crc, long length, long offset) in _entries)
        {
            bool large = length >= uint.MaxValue || offset >= uint.MaxValue;
            var entry = new Fields(46 + name.Length + 28);
            entry.U32(0x02014b50);
            entry.U16(large ? (ushort)45 : (ushort)20);
            entry.U16(large ? (ushort)45 : (ushort)20);
            Common(ref entry, name, crc, large ? uint.MaxValue : (uint)length, extra: large ? (ushort)28 : (ushort)0);
            entry.U16(0);                                       // comment
            entry.U16(0);                                       // disk
            entry.U16(0);                                       // internal attributes
            entry.U32(0);                                       // external attributes
            entry.U32(large ? uint.MaxValue : (uint)offset);
            entry.Bytes(name);
            if (large)
            {
                entry.U16(1);
                entry.U16(24);
                entry.U64(length);
                entry.U64(length);
                entry.U64(offset);
            }

            Emit(entry);
        }

        long size = _position - start;
        bool zip64 = _entries.Count >= ushort.MaxValue || start >= uint.MaxValue || size >= uint.MaxValue;
        var end = new Fields(56 + 20 + 22);
        if (zip64)
        {
            end.U32(0x06064b50);
            end.U64(44);
            end.U16(45);
            end.U16(45);
            end.U32(0);
            end.U32(0);
            end.U64(_entries.Count);
            end.U64(_entries.Count);
            end.U64(size);
            end.U64(start);
            end.U32(0x07064b50);
            end.U32(0);
            end.U64(_position);
            end.U32(1);
        }

        end.U32(0x06054b50);
        end.U16(0);
        end.U16(0);
        end.U16(zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        end.U16(zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        end.U32(zip64 ? uint.MaxValue : (uint)size);
        end.U32(zip64 ? uint.MaxValue : (uint)start);
        end.U16(0);
        Emit(end);
    }

    private static void Common(ref Fields fields, byte[] name, uint crc, uint size, ushort extra)
    {
        fields.U16((ushort)(Ascii.IsValid(name) ? 0 : 1 << 11));    // flags: bit 11 says that the name is UTF-8
        fields.U16(0);                                          // stored
        fields.U16(0);                                          // time
        fields.U16(DosDate);
        fields.U32(crc);
        fields.U32(size);
        fields.U32(size);
        fields.U16((ushort)name.Length);
        fields.U16(extra);
    }

    private void Emit(Fields fields)
    {
        stream.Write(fields.Written);
        _position += fields.Written.Length;
    }

    private struct Fields(int capacity)
    {
        private readonly byte[] _bytes = new byte[capacity];
        private int _count;

        public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

        public void U16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_count), value);
            _count += 2;
        }

        public void U32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_count), value);
            _count += 4;
        }

        public void U64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_count), value);
            _count += 8;
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            value.CopyTo(_bytes.AsSpan(_count));
            _count += value.Length;
        }
    }
}
