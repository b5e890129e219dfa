using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Draws parameters of a round and simulates them.</summary>
internal sealed class SimulateStage(StudyModel model, int round, IEngine engine) : IStoringStage
{
    public string Name => $"simulate-{round}";

    public int Version => 2;

    public IReadOnlyList<string> Reads => model.LawFile(round) is { } file ? [file] : [];

    // Of all rounds: others have no place in the store.
    private string[] Campaigns => [.. Enumerable.Range(1, model.Rounds).Select(RunFiles.Round)];

    public void AddInputs(InputHash hash) => model.AddSimulationInputs(hash, round);

    public void Run(StageContext context, CancellationToken cancel)
    {
        EventLaw law = ProposalFile.Law(model, round, context.Input);
        Campaign campaign = model.CampaignOf(round, context.Input);
        using (var store = SimulationStore.Open(context.Shared(RunFiles.Store), campaign, context.Warn))
        {
            var work = new CampaignWork(model, round, law, campaign, store, context);
            ProgramSimulator? program = model.Study.Program?.Simulator;
            program?.WarnTo(context.Warn);
            try
            {
                engine.Make(work, cancel);
            }
            finally
            {
                program?.WarnTo(null);
            }

            EventCount count = store.Count;
            SimulationFailure? first = store.Failures.Count > 0 ? store.Failures[0] : null;
            if (count.Failed == count.Events)
            {
                throw work.AllFailed(count.Events, first);
            }

            context.WriteJson(RunFiles.Simulations(round), "the index of the simulations", store.Index());
            store.Seal(Campaigns);
            if (count.Failed > 0)
            {
                context.Warn($"{count.Failed} of {count.Events} simulations failed and are left out: what is learned is the posterior under the prior given success."
                    + (first is null ? "" : $" First failure, simulation {first.Index}: {first.Message}"));
            }
        }

        if (law.Prior is RestrictedPrior { BoundExceeded: > 0 and var exceeded })
        {
            context.Warn($"{exceeded} candidates of the truncated prior had a density above the bound that its sampler found; the simulations of round {round} follow it only nearly.");
        }
    }

    public (string Reason, string? File)? Fault(Func<string, string> path)
    {
        try
        {
            using var reader = CampaignReader.Open(path(RunFiles.Store), path(RunFiles.Simulations(round)));
            reader.Verify();
            return reader.HasOthers(Campaigns) ? ("the store has rounds that the study no longer has", null) : null;
        }
        catch (ArtifactException e)
        {
            return ($"{RunFiles.Store} is not as it was written ({e.Entry ?? e.Found})", RunFiles.Store);
        }
    }
}
