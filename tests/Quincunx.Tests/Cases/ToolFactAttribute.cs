namespace Quincunx.Tests.Cases;

/// <summary>A test that runs a program of the system, and is skipped where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string name)
    {
        Name = name;
        Skip = Tool.Reason(name);
    }

    public string Name { get; }
}
