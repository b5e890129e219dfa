using System.IO.Compression;

namespace Quincunx.Runs.Artifacts;

/// <summary>Named arrays in one file: NumPy's <c>.npz</c>, a zip of <c>.npy</c> entries.</summary>
/// <remarks>
/// Written stored (not compressed), in the given order and with a fixed date, so that equal arrays give equal bytes. Read strictly:
/// every checksum is compared, and stored or deflated files of NumPy itself are understood too.
/// </remarks>
public sealed class NpzFile
{
    internal const string Extension = ".npy";
    private readonly string _path;
    private readonly Dictionary<string, NpyArray> _arrays;

    private NpzFile(string path, Dictionary<string, NpyArray> arrays)
    {
        (_path, _arrays) = (path, arrays);
        Names = [.. arrays.Keys];
    }

    /// <summary>Names of the arrays, in file order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Writes <paramref name="arrays"/> in their order; the stream need not seek.</summary>
    /// <exception cref="ArgumentException">A name is empty, repeated, or no plain file name.</exception>
    public static void Write(Stream stream, params IReadOnlyList<(string Name, NpyArray Array)> arrays)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(arrays);
        var zip = new StoredZipWriter(stream);
        foreach ((string name, NpyArray array) in arrays)
        {
            Add(zip, name, array);
        }

        zip.Finish();
    }

    /// <summary>Reads all arrays, or those named, into memory.</summary>
    /// <exception cref="ArtifactException">Missing, not a zip, truncated, a checksum differs, a named array is missing, or an entry is
    /// no supported array.</exception>
    public static NpzFile Read(string path, params ReadOnlySpan<string> names)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            wanted.Add(name);
        }

        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                string name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
                if (arrays.ContainsKey(name))
                {
                    throw new ArtifactException(path, "a second entry of the same name", "one of each", entry.FullName);
                }

                if (wanted.Count == 0 || wanted.Contains(name))
                {
                    arrays.Add(name, ReadEntry(path, entry));
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw Fault(path, e);
        }

        var result = new NpzFile(path, arrays);
        foreach (string name in names)
        {
            result.Array(name);
        }

        return result;
    }

    /// <exception cref="ArtifactException">There is none of that name.</exception>
    public NpyArray Array(string name) => _arrays.TryGetValue(name, out NpyArray? array)
        ? array
        : throw new ArtifactException(_path, Names.Count == 0 ? "no arrays" : $"arrays {string.Join(", ", Names)}", $"an array '{name}'");

    /// <summary>The elements of an array whose type and shape must be as expected.</summary>
    /// <param name="shape">Expected lengths; −1 for any length; none for no check.</param>
    /// <exception cref="ArtifactException">No such array, or another type or shape.</exception>
    public T[] Values<T>(string name, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        NpyArray array = Array(name);
        string? descriptor = NpyFormat.DescriptorOf(typeof(T));
        if (array.Descriptor != descriptor)
        {
            throw new ArtifactException(_path, $"elements of type {array.Descriptor}", descriptor ?? typeof(T).Name, name + Extension);
        }

        bool fits = shape.IsEmpty || shape.Length == array.Shape.Count;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || shape[i] == array.Shape[i];
        }

        return fits
            ? array.Values<T>()
            : throw new ArtifactException(
                _path, $"shape {NpyArray.Format(array.Shape)}", $"shape {NpyArray.Format(shape.ToArray())}", name + Extension);
    }

    /// <summary>Writes one array, for files that hold other entries too.</summary>
    internal static void Add(StoredZipWriter zip, string name, NpyArray array) => zip.Add(
        name + Extension, Checksum(array), NpyFormat.Header(array).Length + ((long)array.Length * NpyFormat.SizeOf(array.Descriptor)), target => NpyFormat.Write(target, array));

    /// <summary>The CRC-32 of an array's entry.</summary>
    internal static uint Checksum(NpyArray array)
    {
        uint crc = Crc32.Append(0, NpyFormat.Header(array));
        array.ForBytes(bytes => crc = Crc32.Append(crc, bytes));
        return crc;
    }

    /// <summary>What went wrong in reading.</summary>
    internal static ArtifactException Fault(string path, Exception e) => e is InvalidDataException
        ? new ArtifactException(path, $"a damaged or truncated zip file ({e.Message})", "a complete .npz file", inner: e)
        : DiskFault.Reading(path, e);

    private static NpyArray ReadEntry(string path, ZipArchiveEntry entry)
    {
        // Deflate shrinks by at most 1032 to 1: a larger claim is a lie that must not be allocated.
        if (entry.Length > (1032 * entry.CompressedLength) + 1024)
        {
            throw new ArtifactException(path, $"{entry.Length} bytes said to be in {entry.CompressedLength}", "an honest length", entry.FullName);
        }

        using Stream source = entry.Open();
        using var stream = new ChecksumStream(source);
        NpyArray array = NpyFormat.Read(stream, entry.Length, path, entry.FullName);
        if (stream.Checksum != entry.Crc32)
        {
            throw new ArtifactException(
                path, $"checksum {stream.Checksum:x8}: the data are damaged", $"{entry.Crc32:x8}", entry.FullName);
        }

        return array;
    }
}
