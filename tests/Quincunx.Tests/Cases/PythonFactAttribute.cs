namespace Quincunx.Tests.Cases;

/// <summary>A test that runs <c>python3</c>, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        Skip = Tool.Reason("python3");
    }
}
