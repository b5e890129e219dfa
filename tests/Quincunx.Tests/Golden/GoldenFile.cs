namespace Quincunx.Tests.Golden;

/// <summary>Approved texts beside this file. Set QUINCUNX_UPDATE_GOLDEN=1 to write them anew; then read the diff and look at the figures.</summary>
internal static class GoldenFile
{
    public const string Switch = "QUINCUNX_UPDATE_GOLDEN";

    /// <summary>Texts and drawings: every character.</summary>
    public static void AssertMatches(string name, string actual) => Assert.Equal(Approved(name, actual), actual);

    /// <summary>The approved text; where the switch is set, the actual one becomes it.</summary>
    public static string Approved(string name, string actual)
    {
        string path = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"No golden file '{name}'. Set {Switch}=1 to make it.");
        return File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Quincunx.slnx")))
            {
                return Path.Combine(folder.FullName, "tests", "Quincunx.Tests", "Golden");
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside a checkout.");
    }
}
