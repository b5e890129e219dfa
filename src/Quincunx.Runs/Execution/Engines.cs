using Quincunx.Runs.Execution.Slurm;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Execution;

/// <summary>The engine that a study asks for, and what has to be done around any of them.</summary>
internal static class Engines
{
    /// <param name="environment">Variables for the commands of a cluster beside those of this process.</param>
    public static IEngine Of(ExecutionSettings settings, WorkerCommand command, IReadOnlyDictionary<string, string> environment)
    {
        var queue = new SlurmQueue(environment);
        return settings.Engine switch
        {
            "threads" => new Tidy(new ThreadsEngine(), queue, takesPartial: true, leaves: true),
            "local" => new Tidy(new LocalEngine(settings, command), queue, takesPartial: false, leaves: true),
            "slurm" => new Tidy(new SlurmEngine(settings, command, queue), queue, takesPartial: false, leaves: false),
            "script" => new Tidy(new ScriptEngine(settings, command), queue, takesPartial: false, leaves: false),
            _ => throw new ArgumentException($"Expected one of {string.Join(", ", ExecutionSettings.Engines)}, got '{settings.Engine}'.", nameof(settings)),
        };
    }

    /// <summary>Takes over what another engine has left in the run folder, and removes its folder when nothing is missing.</summary>
    /// <param name="takesPartial">Whether shards that are not whole are taken too: the engine does not go on with them.</param>
    /// <param name="leaves">Whether jobs of a cluster are cancelled: the engine does not wait for them.</param>
    private sealed class Tidy(IEngine inner, SlurmQueue queue, bool takesPartial, bool leaves) : IEngine
    {
        public void Make(CampaignWork work, CancellationToken cancel)
        {
            var folder = new ShardFolder(work, shards: 1);
            if (leaves)
            {
                SlurmEngine.Abandon(queue, folder.Path, work.Context.Warn);
            }

            folder.Gather(takesPartial);
            inner.Make(work, cancel);
            folder.Remove();
        }
    }
}
