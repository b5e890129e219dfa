namespace Quincunx.Runs.Artifacts;

/// <summary>Single arrays on disk: NumPy's <c>.npy</c>.</summary>
public static class NpyFile
{
    /// <summary>Writes format version 1.0.</summary>
    public static void Write(Stream stream, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        NpyFormat.Write(stream, array);
    }

    /// <exception cref="ArtifactException">Missing, truncated, not an array, or of a type or order that is not supported.</exception>
    public static NpyArray Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return NpyFormat.Read(file, file.Length, path, entry: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw DiskFault.Reading(path, e);
        }
    }
}
