namespace Quincunx.Tests.Conventions;

/// <summary>The checkout that the tests were built in.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Quincunx.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Quincunx.slnx above {AppContext.BaseDirectory}.");
    }
}
