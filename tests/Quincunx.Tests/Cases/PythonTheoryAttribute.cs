namespace Quincunx.Tests.Cases;

/// <summary>A theory that runs <c>python3</c>, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute()
    {
        Skip = Tool.Reason("python3");
    }
}
