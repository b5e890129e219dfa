using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Execution;

/// <summary>Writes scripts that make the simulations under whatever scheduler there is, and gathers what they have made when the run is started again.</summary>
internal sealed class ScriptEngine(ExecutionSettings settings, WorkerCommand command) : IEngine
{
    private const int UsualShards = 100;

    /// <inheritdoc/>
    /// <exception cref="WorkAwaitedException">There is something left to make; the message says how.</exception>
    public void Make(CampaignWork work, CancellationToken cancel)
    {
        var folder = new ShardFolder(work, ShardFolder.ShardsOf(work.Campaign, settings.Shards, UsualShards));
        folder.Gather();
        if (folder.Missing() is not { Count: > 0 } missing)
        {
            return;
        }

        folder.Create();
        var script = new ShardScript(settings, command, work, folder);
        script.WriteShard();
        script.WriteOthers(missing);
        throw new WorkAwaitedException(
            $"""
            {missing.Count} of {folder.Shards} shards are to be made. Run one of the scripts in {folder.Path}:
              condor_submit {ShellText.Quote(Path.Combine(folder.Path, ShardScript.Condor))}
              qsub {ShellText.Quote(Path.Combine(folder.Path, ShardScript.Pbs))}
              bash {ShellText.Quote(Path.Combine(folder.Path, ShardScript.Loop))} 2
            Then give the same command again: it takes over what is there, and goes on when nothing is missing.
            """);
    }
}
