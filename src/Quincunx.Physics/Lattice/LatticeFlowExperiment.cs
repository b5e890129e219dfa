using Quincunx.Inference.Experiments;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>Trains a flow to sample a lattice field theory from its action alone, and measures with it: reweighted, and as the proposals of a Markov chain.</summary>
/// <remarks>
/// The experiment of the tutorial by Albergo et al. 2021, arXiv:2101.08176, for φ⁴ in two dimensions. Both ways are exact for any flow, so that a simulation by local updates must
/// agree within errors; how good the flow is shows in the effective sample size.
/// </remarks>
/// <exception cref="ArgumentException">An option is out of its range.</exception>
public sealed class LatticeFlowExperiment(LatticeFlowOptions options) : IExperiment
{
    private const int StepsEachEpoch = 50, ValidationDraws = 1024;

    private readonly LatticeFlowOptions _options = options.Checked();

    /// <inheritdoc/>
    public int Version => 1;

    /// <returns>Magnetisations and correlators of a simulation by local updates, with which the flow is compared; the flow itself needs no data.</returns>
    /// <inheritdoc/>
    public NamedTensors MakeData(Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        return ReferenceChains.Run(_options, rng, progress, cancel);
    }

    /// <inheritdoc/>
    public ExperimentTraining Train(
        NamedTensors data, Rng rng, IProgress<TrainingProgress>? progress = null, ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        LatticeFlow flow = Flow(_options, rng.Split("flow"), DType.Float32);

        // Validation draws have the same noise every time, so that epochs can be compared to much less than the spread of draws.
        int steps = Math.Min(StepsEachEpoch, _options.Steps), rows = (steps * _options.Batch) + ValidationDraws;
        int epochs = (_options.Steps + steps - 1) / steps;
        var training = new TrainingOptions
        {
            BatchSize = _options.Batch,
            MaxEpochs = epochs,
            MaxSteps = _options.Steps,
            Patience = epochs + 1,
            ValidationFraction = (double)ValidationDraws / rows,
            LearningRate = _options.LearningRate,
            Schedule = RateSchedule.Cosine,
            ClipNorm = 100,
        };
        TrainingResult result = Trainer.Run(new ReverseDivergence(flow, _options.Action, rows), training, rng.Split("training"), progress, checkpoints, cancel);
        return new ExperimentTraining(ModuleState.Export(flow), result);
    }

    /// <inheritdoc/>
    public ExperimentResult Evaluate(NamedTensors data, NamedTensors weights, Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(rng);
        FlowDraws draws = FlowDraws.Of(_options, weights, rng.Split("draws"), progress, cancel), proposals = FlowDraws.Of(_options, weights, rng.Split("proposals"), progress, cancel);
        int[] states = IndependenceMetropolis.Run(proposals.LogWeights, rng.Split("chain"));
        return new LatticeFlowReport(_options, ReferenceChains.From(data), draws, proposals, states).Build();
    }

    internal static LatticeFlow Flow(LatticeFlowOptions options, Rng rng, DType dtype) =>
        new(options.Action.Size, options.Couplings, [.. Enumerable.Repeat(options.Channels, options.Layers)], options.Kernel, rng, dtype);
}
