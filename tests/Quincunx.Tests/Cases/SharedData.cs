using System.Globalization;
using System.IO.Compression;

namespace Quincunx.Tests.Cases;

/// <summary>
/// Reference data that is not part of the repository: the folder named by QUINCUNX_DATA, or <c>../shared/data</c> beside the
/// repository root. Tests that need it are skipped, visibly, where it is absent.
/// </summary>
internal static class SharedData
{
    /// <summary>The folder that holds the solution, or null if the tests run outside it.</summary>
    public static string? Repository { get; } = FindRepository();

    /// <summary>The data folder, or null.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>Why tests that need <paramref name="path"/> are skipped here, or null.</summary>
    public static string? SkipReason(string path) => Folder is null ? "No shared data folder: set QUINCUNX_DATA."
        : Path.Exists(Path.Combine(Folder, path)) ? null
        : $"No '{path}' in {Folder}.";

    /// <summary>The rows of a CSV file of numbers (gzipped if it ends so), without comments and header.</summary>
    /// <param name="path">Relative to <see cref="Folder"/>, or absolute.</param>
    public static double[][] ReadCsv(string path)
    {
        using Stream file = File.OpenRead(Path.Combine(Folder!, path));
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return
        [
            .. lines.Where(line => !line.StartsWith('#')).Skip(1)
                .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()),
        ];
    }

    private static string? FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Quincunx.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    private static string? FindFolder()
    {
        string? named = Environment.GetEnvironmentVariable("QUINCUNX_DATA");
        string? folder = !string.IsNullOrEmpty(named) ? named
            : Repository is null ? null
            : Path.GetFullPath(Path.Combine(Repository, "..", "shared", "data"));
        return Directory.Exists(folder) ? folder : null;
    }
}
