using System.Reflection;

namespace Quincunx.Cli;

/// <summary>How this program is started.</summary>
internal static class ThisProgram
{
    /// <param name="assembly">The one whose entry point runs.</param>
    public static IReadOnlyList<string> Command(Assembly assembly)
    {
        // The host that runs an assembly is dotnet itself or an executable of its own, which needs no more words.
        string host = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, "exec", assembly.Location] : [host];
    }
}
