using System.ComponentModel;
using System.Diagnostics;

namespace Quincunx.Tests.Cases;

/// <summary>A theory that is skipped where no Python with torch is found: that of the variable QUINCUNX_PYTHON, or else <c>/usr/bin/python3</c> or <c>python3</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> Found = new(Find);

    public TorchTheoryAttribute()
    {
        Skip = Python is null ? "No Python with torch and numpy: set QUINCUNX_PYTHON to one, or install Debian's python3-torch." : null;
    }

    /// <summary>The interpreter, or null.</summary>
    public static string? Python => Found.Value;

    /// <summary>Runs it, and gives its exit code and what it printed.</summary>
    public static (int Code, string Output, string Error) Run(string python, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    private static string? Find()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable("QUINCUNX_PYTHON"), "/usr/bin/python3", "python3"];
        return Array.Find(candidates, python => !string.IsNullOrEmpty(python) && HasTorch(python));
    }

    private static bool HasTorch(string python)
    {
        try
        {
            // Found and not imported, which takes seconds.
            return Run(python, "-c", "import importlib.util as u, sys; sys.exit(0 if u.find_spec('torch') and u.find_spec('numpy') else 1)").Code == 0;
        }
        catch (Win32Exception)
        {
            return false;           // no such program
        }
    }
}
