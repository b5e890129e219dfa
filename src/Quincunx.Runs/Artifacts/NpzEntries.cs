using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Quincunx.Runs.Artifacts;

/// <summary>A <c>.npz</c> file whose arrays are read into memory that the caller has, so that reading many of them leaves nothing behind.</summary>
internal sealed class NpzEntries : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ZipArchive _zip;

    private NpzEntries(string path, FileStream file, ZipArchive zip)
    {
        (_path, _file, _zip) = (path, file, zip);
    }

    /// <exception cref="ArtifactException">Missing, unreadable, truncated or no zip file.</exception>
    public static NpzEntries Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 12);
            return new NpzEntries(path, file, new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw NpzFile.Fault(path, e);
        }
    }

    /// <summary>Reads an array of float64 numbers.</summary>
    /// <param name="into">Overwritten; as long as the shape says.</param>
    /// <param name="shape">What the array's must be.</param>
    /// <returns>The checksum of the entry, which is that of the file's directory.</returns>
    /// <exception cref="ArtifactException">There is no such array, it has another type or shape, or it is truncated or damaged.</exception>
    public uint Read(string name, Span<double> into, params ReadOnlySpan<int> shape)
    {
        try
        {
            string file = name + NpzFile.Extension;
            ZipArchiveEntry entry = _zip.GetEntry(file) ?? throw new ArtifactException(
                _path, _zip.Entries.Count == 0 ? "no arrays" : $"entries {string.Join(", ", _zip.Entries.Select(e => e.FullName))}", $"an entry '{file}'");
            using Stream source = entry.Open();
            using var stream = new ChecksumStream(source);
            NpyFormat.ReadInto(stream, entry.Length, _path, file, MemoryMarshal.AsBytes(into), "<f8", shape);
            return stream.Checksum == entry.Crc32
                ? stream.Checksum
                : throw new ArtifactException(_path, $"checksum {stream.Checksum:x8}: the data are damaged", $"{entry.Crc32:x8}", file);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw NpzFile.Fault(_path, e);
        }
    }

    public void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }
}
