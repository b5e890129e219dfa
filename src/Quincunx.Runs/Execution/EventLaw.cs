using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Execution;

/// <summary>Where the parameters of a round's events come from: a prior, or a row that was drawn for each before.</summary>
internal sealed class EventLaw
{
    /// <param name="prior">Perhaps restricted.</param>
    public EventLaw(IDistribution prior) => Prior = prior;

    /// <param name="rows">Shape <c>[events, d]</c>: row i is of event i.</param>
    public EventLaw(double[] rows) => Rows = rows;

    /// <summary>Null where rows are given.</summary>
    public IDistribution? Prior { get; }

    /// <summary>Null where there is a prior.</summary>
    public double[]? Rows { get; }

    /// <inheritdoc cref="SimulationRunner.RunPieces(IDistribution, long, long, Rng, Action{SimulationSet}, IProgress{SimulationProgress}, CancellationToken)"/>
    public SimulationStopReason RunPieces(SimulationRunner runner, long from, long to, Rng rng, Action<SimulationSet> finished, CancellationToken cancel) => Rows is null
        ? runner.RunPieces(Prior!, from, to, rng, finished, progress: null, cancel)
        : runner.RunPieces(Rows, from, to, rng, finished, progress: null, cancel);
}
