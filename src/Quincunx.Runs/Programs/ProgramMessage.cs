using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Programs;

/// <summary>A line of a program, with the arrays behind it.</summary>
internal sealed record ProgramMessage(JsonElement Line, IReadOnlyList<(string Name, NpyArray Array)> Arrays)
{
    /// <summary>The array of a name, or null.</summary>
    public NpyArray? Find(string name) => Arrays.FirstOrDefault(a => a.Name == name).Array;
}
