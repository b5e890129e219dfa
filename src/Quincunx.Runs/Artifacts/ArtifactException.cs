namespace Quincunx.Runs.Artifacts;

/// <summary>A file of a run cannot be read or written: says which, what was found, and what was expected or can be done.</summary>
/// <remarks>The command line prints <see cref="Exception.Message"/> as it is and ends with exit code 2.</remarks>
public sealed class ArtifactException : IOException
{
    /// <param name="file">Path as the user knows it.</param>
    /// <param name="found">What is there, as the end of the sentence "found …".</param>
    /// <param name="expected">What should be there, or what to do, as the end of "expected …".</param>
    /// <param name="entry">The part of the file meant, such as a zip entry or a line; null for the whole file.</param>
    public ArtifactException(string file, string found, string expected, string? entry = null, Exception? inner = null)
        : base(Describe(file, found, expected, entry), inner)
    {
        (File, Found, Expected, Entry) = (file, found, expected, entry);
    }

    public string File { get; }

    public string Found { get; }

    public string Expected { get; }

    public string? Entry { get; }

    private static string Describe(string file, string found, string expected, string? entry) =>
        $"{file}: {(entry is null ? "" : entry + ": ")}found {found}, expected {expected}.";
}
