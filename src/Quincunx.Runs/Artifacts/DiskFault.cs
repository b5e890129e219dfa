using System.Globalization;

namespace Quincunx.Runs.Artifacts;

/// <summary>Turns the operating system's errors into sentences about a path.</summary>
internal static class DiskFault
{
    private const int Enospc = 28, Erofs = 30, Edquot = 122;                       // Linux errno values, which .NET keeps in HResult
    private const int MacEdquot = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static ArtifactException Reading(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new ArtifactException(path, "no such file", "a readable file", inner: e),
        UnauthorizedAccessException when Directory.Exists(path) => new ArtifactException(path, "a folder", "a file", inner: e),
        UnauthorizedAccessException => new ArtifactException(path, "a file without permission to read it", "a readable file", inner: e),
        _ => new ArtifactException(path, $"an error of the disk ({e.Message})", "a readable file", inner: e),
    };

    /// <param name="what">What was being written, such as "posterior draws".</param>
    /// <param name="bytes">How many bytes had been written when it failed.</param>
    public static ArtifactException Writing(string path, string what, long bytes, Exception e)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (IsFull(e))
        {
            return new ArtifactException(
                path,
                $"a full disk while writing {what} ({Count(bytes)} bytes written, {FreeSpace(folder)} bytes free in {folder})",
                "more free space, or another folder with --out; the previous file, if any, is unchanged",
                inner: e);
        }

        if (e is UnauthorizedAccessException || e.HResult == Erofs)
        {
            return new ArtifactException(
                path,
                $"a folder or file that is read-only while writing {what}",
                "permission to write, or another folder with --out; the previous file, if any, is unchanged",
                inner: e);
        }

        return new ArtifactException(path, $"an error of the disk while writing {what} ({e.Message})", "a folder that can be written", inner: e);
    }

    private static bool IsFull(Exception e) =>
        e is IOException && (e.HResult is WindowsDiskFull or WindowsHandleDiskFull
            || (!OperatingSystem.IsWindows() && (e.HResult is Enospc || e.HResult == (OperatingSystem.IsMacOS() ? MacEdquot : Edquot))));

    private static string FreeSpace(string folder)
    {
        try
        {
            string drive = OperatingSystem.IsWindows() ? Path.GetPathRoot(folder) ?? folder : folder;
            return Count(new DriveInfo(drive).AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "an unknown number of";
        }
    }

    private static string Count(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
}
