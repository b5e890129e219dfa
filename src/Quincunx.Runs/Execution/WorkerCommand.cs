using System.Globalization;

namespace Quincunx.Runs.Execution;

/// <summary>How a process of this program is started that makes a shard.</summary>
/// <param name="Program">The program, with the arguments that make it this one: a path, or <c>dotnet exec quincunx.dll</c>.</param>
/// <param name="Study">The study and the options that make it the one that is run, all paths absolute.</param>
internal sealed record WorkerCommand(IReadOnlyList<string> Program, IReadOnlyList<string> Study)
{
    /// <param name="shard">As <c>3/100</c>.</param>
    /// <param name="run">The run folder.</param>
    /// <param name="folder">Where the shard goes.</param>
    public IReadOnlyList<string> Simulate(string shard, int round, string run, string folder) =>
        [.. Program, "simulate", .. Study, "--shard", shard, "--round", round.ToString(CultureInfo.InvariantCulture), "--out", run, "--to", folder, "--quiet"];
}
