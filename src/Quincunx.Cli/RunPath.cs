using Quincunx.Runs.Store;

namespace Quincunx.Cli;

/// <summary>The folder that a user means by a run.</summary>
internal static class RunPath
{
    /// <param name="run">A run folder, or the name of one under <c>runs</c>.</param>
    public static string Of(CliHost host, string run)
    {
        // The study's folder may stand beside runs and have the name of its run.
        string folder = host.Resolve(run), named = host.Resolve(Path.Combine("runs", run));
        return !HasManifest(folder) && HasManifest(named) ? named : folder;
    }

    private static bool HasManifest(string folder) => File.Exists(Path.Combine(folder, RunManifest.FileName));
}
