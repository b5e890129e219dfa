using System.Reflection;
using System.Runtime.InteropServices;

namespace Quincunx.Runs.Store;

/// <summary>The program and machine of a run.</summary>
/// <param name="Quincunx">Version of Quincunx.</param>
/// <param name="Dotnet">Name and version of the runtime.</param>
/// <param name="Cpu">Model name of the processor, or its architecture where the system does not tell.</param>
/// <param name="Cores">Logical processors that this process may use.</param>
public sealed record RunHost(string Quincunx, string Dotnet, string Os, string Host, string Cpu, int Cores)
{
    public static RunHost Current() => new(
        typeof(RunHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        Environment.MachineName,
        CpuName(),
        Environment.ProcessorCount);

    private static string CpuName()
    {
        const string Info = "/proc/cpuinfo";
        try
        {
            string? line = System.IO.File.Exists(Info)
                ? System.IO.File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
                : null;
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() is { Length: > 0 } name ? name : RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
