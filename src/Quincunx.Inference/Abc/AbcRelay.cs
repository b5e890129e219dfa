using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Abc;

/// <summary>Passes the progress of a range of events on as that of the whole run.</summary>
internal sealed class AbcRelay : IProgress<SimulationProgress>
{
    private readonly IProgress<AbcProgress> _progress;
    private readonly AbcProgress _before;

    private AbcRelay(IProgress<AbcProgress> progress, AbcProgress before) => (_progress, _before) = (progress, before);

    public static AbcRelay? For(IProgress<AbcProgress>? progress, AbcEvents events, long budget, int population, double tolerance, long accepted) =>
        progress is null ? null : new AbcRelay(progress, new AbcProgress(events.Next, budget, events.Failed, population, tolerance, accepted));

    public void Report(SimulationProgress value) =>
        _progress.Report(_before with { Simulations = _before.Simulations + value.Done, Failed = _before.Failed + value.Failed });
}
