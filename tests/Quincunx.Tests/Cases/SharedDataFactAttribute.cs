namespace Quincunx.Tests.Cases;

/// <summary>A fact that is skipped where the named file or folder of <see cref="SharedData"/> is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string path)
    {
        Path = path;
        Skip = SharedData.SkipReason(path);
    }

    public string Path { get; }
}
