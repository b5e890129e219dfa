namespace Quincunx.Runs.Artifacts;

/// <summary>Writes a file completely or not at all.</summary>
/// <remarks>
/// The bytes go to a temporary file in the same folder (<c>.NAME.PID.partial</c>), which is flushed to the disk and then renamed over
/// the target, so that a reader sees the old file or the new one whenever the process or the machine stops. What a killed process
/// leaves behind is removed by <see cref="RemoveLeftovers"/>.
/// </remarks>
public static class AtomicFile
{
    private const string Suffix = ".partial";

    /// <summary>Creates or replaces <paramref name="path"/> by what <paramref name="write"/> puts into the stream (not seekable).</summary>
    /// <param name="path">The target; its folder is created if needed.</param>
    /// <param name="what">What it holds, in words for an error message: "posterior draws".</param>
    /// <param name="write">Called once. An exception from it leaves the old file as it was.</param>
    /// <returns>Hash and length of what was written, computed on the way.</returns>
    /// <exception cref="ArtifactException">Disk full, read-only folder, or another fault of the disk; the old file is untouched.</exception>
    public static FileFingerprint Write(string path, string what, Action<Stream> write) => Write(path, what, write, step: null);

    /// <summary>As the other overload, for text: UTF-8 without byte order mark.</summary>
    public static FileFingerprint WriteText(string path, string what, string text) =>
        Write(path, what, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Deletes temporary files of processes that were killed while writing in <paramref name="folder"/> and below.</summary>
    /// <remarks>Only while no other process writes there: a run folder does it under its lock.</remarks>
    /// <returns>How many there were.</returns>
    public static int RemoveLeftovers(string folder)
    {
        int count = 0;
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, ".*" + Suffix, SearchOption.AllDirectories).ToList())
            {
                File.Delete(file);
                count++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Writing(folder, "the removal of leftovers", 0, e);
        }

        return count;
    }

    /// <param name="suffix">End of the temporary file's name; null for one that <see cref="RemoveLeftovers"/> knows, which is for folders where one process writes.</param>
    internal static FileFingerprint Write(string path, string what, Action<Stream> write, DiskStep? step, string? suffix = null)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"Expected a file path, got {path}.", nameof(path));
        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{suffix ?? Environment.ProcessId + Suffix}");
        OutputStream? output = null;
        try
        {
            FileFingerprint fingerprint;
            step?.Invoke("create", temporary);
            Directory.CreateDirectory(folder);
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                output = new OutputStream(file, temporary, step);
                write(output);
                fingerprint = output.Finish();
                step?.Invoke("sync", temporary);
                file.Flush(flushToDisk: true);
            }

            step?.Invoke("rename", full);
            File.Move(temporary, full, overwrite: true);
            return fingerprint;
        }
        catch (Exception e)
        {
            RemoveQuietly(temporary, step);
            // A fault of this disk is told from one that the caller's own code met (say, in reading another file) by its place.
            if (output is null or { Faulted: true } or { Finished: true } && e is IOException or UnauthorizedAccessException
                && e is not ArtifactException)
            {
                throw DiskFault.Writing(path, what, output?.Written ?? 0, e);
            }

            throw;
        }
    }

    private static void RemoveQuietly(string temporary, DiskStep? step)
    {
        try
        {
            step?.Invoke("delete", temporary);
            File.Delete(temporary);
        }
        catch (Exception)
        {
            // The first exception matters more; the next start removes the leftover.
        }
    }
}
