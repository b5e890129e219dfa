namespace Quincunx.Tests.Cases;

/// <summary>Programs of the system that some tests need.</summary>
internal static class Tool
{
    /// <summary>The system's Python: a shim of another one's manager takes several times as long to start.</summary>
    public static string Python { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>Whether a process is there and has not ended: one whose parent is gone too may stay listed until the system asks after it.</summary>
    public static bool IsRunning(int id)
    {
        try
        {
            string[] words = File.ReadAllText($"/proc/{id.ToString(System.Globalization.CultureInfo.InvariantCulture)}/stat").Split(") ");
            return words[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Why a test that needs a program of the path is skipped; null if it is there.</summary>
    public static string? Reason(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name)))
        ? null
        : $"No {name} on the path.";
}
