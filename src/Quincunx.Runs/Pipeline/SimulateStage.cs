using Quincunx.Inference.Distributions;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Draws parameters of a round and simulates them.</summary>
internal sealed class SimulateStage(StudyModel model, int round) : IStage
{
    // A chunk is what a kill can cost.
    private const int Chunks = 20, SmallestChunk = 500;
    private static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromSeconds(5);

    public string Name => $"simulate-{round}";

    public int Version => 1;

    public IReadOnlyList<string> Reads => round == 1 ? [] : [RunFiles.Region(round)];

    public void AddInputs(InputHash hash)
    {
        model.AddSimulationInputs(hash, round);
        if (model.IsSharded(round))
        {
            hash.Add("shard rows", model.ShardRows());
        }
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        IDistribution prior = RegionFile.Prior(model, round, context.Input);
        var runner = new SimulationRunner(model.Study.Simulator);
        (int failed, SimulationFailure? first) = model.IsSharded(round) ? RunInShards(context, prior, runner, cancel) : RunInMemory(context, prior, runner, cancel);
        if (failed > 0)
        {
            context.Warn($"{failed} of {model.Simulations(round)} simulations failed and are left out: what is learned is the posterior under the prior given success."
                + (first is null ? "" : $" First failure, simulation {first.Index}: {first.Message}"));
        }

        if (prior is RestrictedPrior { BoundExceeded: > 0 and var exceeded })
        {
            context.Warn($"{exceeded} candidates of the truncated prior had a density above the bound that its sampler found; the simulations of round {round} follow it only nearly.");
        }
    }

    private (int Failed, SimulationFailure? First) RunInShards(StageContext context, IDistribution prior, SimulationRunner runner, CancellationToken cancel)
    {
        SimulationFailure? first = null;
        int failed = new ShardedSimulation(model, round, context).Run(
            prior,
            runner,
            set =>
            {
                RequireSuccess(set);
                first ??= set.Failures.Count > 0 ? set.Failures[0] : null;
            },
            cancel);
        return (failed, first);
    }

    private (int Failed, SimulationFailure? First) RunInMemory(StageContext context, IDistribution prior, SimulationRunner runner, CancellationToken cancel)
    {
        int total = model.Simulations(round), chunk = Math.Max(SmallestChunk, (total + Chunks - 1) / Chunks);
        context.RemoveStrays(RunFiles.ShardFolder(round), []);
        Checkpoint checkpoint = context.Checkpoint();
        List<SimulationSet> sets = [];
        checkpoint.TryLoad(stream => sets.Add(SimulationState.Read(stream, model.Dimension, model.Features)));
        int loaded = sets.Sum(s => s.Count), done = loaded, failed = sets.Sum(s => s.FailedRows.Count);
        long saved = model.Clock.GetTimestamp();
        while (done < total)
        {
            int from = done, before = failed;
            var progress = new Relay<SimulationProgress>(p => context.Report(from + p.Done, total, "simulations", null, ("failed", before + p.Failed)));
            SimulationSet set;
            try
            {
                set = runner.Run(prior, from, Math.Min(total, from + chunk), model.Stream(Name), progress, cancel);
            }
            catch (OperationCanceledException) when (done > loaded)
            {
                checkpoint.Save(stream => SimulationState.Write(stream, SimulationSet.Join(sets)));
                throw;
            }

            sets.Add(set);
            (done, failed) = (done + set.Count, failed + set.FailedRows.Count);
            RequireSuccess(set);
            if (done < total && model.Clock.GetElapsedTime(saved) > BetweenCheckpoints)
            {
                checkpoint.Save(stream => SimulationState.Write(stream, SimulationSet.Join(sets)));
                saved = model.Clock.GetTimestamp();
            }
        }

        SimulationSet all = SimulationSet.Join(sets);
        context.WriteNpz(
            RunFiles.Simulations(round), "simulations",
            ("theta", NpyArray.Of(all.Theta, all.Count, model.Dimension)), ("x", NpyArray.Of(all.X, all.Count, model.Features)));
        context.WriteJson(RunFiles.SimulationFacts(round), "facts of the simulations", new SimulationFacts(
            Format: 1, all.Count, all.FailedRows.Count, all.FailedShare, [.. all.FailedRows.Take(5).Select(r => (long)r)]));
        return (all.FailedRows.Count, all.Failures is [var first, ..] ? first : null);
    }

    private void RequireSuccess(SimulationSet set)
    {
        if (set.StopReason == SimulationStopReason.Completed)
        {
            return;
        }

        SimulationFailure? first = set.Failures.Count > 0 ? set.Failures[0] : null;
        string parameters = first is null ? "" : string.Join(", ", model.ParameterNames.Select((n, i) => $"{n} = {first.Theta[i]:R}"));
        throw new RunException($"Simulator '{model.Study.SimulatorName}': all of the first {set.Count} simulations failed. Expected finite outputs; found {first?.Message ?? "none"} at {parameters}.");
    }
}
