using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Execution;

/// <summary>What an engine has to make, and where it goes.</summary>
/// <param name="Round">From 1.</param>
/// <param name="Law">What the round draws its parameters from.</param>
/// <param name="Context">The stage, for progress and warnings.</param>
internal sealed record CampaignWork(StudyModel Model, int Round, EventLaw Law, Campaign Campaign, SimulationStore Store, StageContext Context)
{
    /// <summary>Root stream of the events.</summary>
    public Rng Stream => Model.Stream(StudyModel.SimulationStream(Round));

    /// <summary>The run folder, absolute.</summary>
    public string RunFolder => Path.GetDirectoryName(Path.GetFullPath(Context.Shared(RunFiles.Store)))!;

    /// <summary>Tells how many events are in the store.</summary>
    public void Report(string? message = null)
    {
        EventCount count = Store.Count;
        Context.Report(count.Events, Campaign.Rows, "simulations", message, ("failed", count.Failed));
    }

    /// <summary>What to say where the first events, or all, failed.</summary>
    public RunException AllFailed(long events, SimulationFailure? first) => AllFailed(Model.Study.SimulatorName, Model.ParameterNames, events, first);

    /// <inheritdoc cref="AllFailed(long, SimulationFailure)"/>
    public static RunException AllFailed(string simulator, IReadOnlyList<string> parameters, long events, SimulationFailure? first)
    {
        string theta = first is null ? "" : string.Join(", ", parameters.Select((n, i) => $"{n} = {first.Theta[i]:R}"));
        return new RunException($"Simulator '{simulator}': all of the first {events} simulations failed. Expected finite outputs; found {first?.Message ?? "none"} at {theta}.");
    }
}
