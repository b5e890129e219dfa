using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Trains the network of a round.</summary>
internal sealed class TrainStage(StudyModel model, int round) : IStage
{
    private const int FewestSimulations = 10;

    public string Name => $"train-{round}";

    public int Version => 1;

    public IReadOnlyList<string> Reads => [.. model.RoundsLearnedFrom(round).Select(RunFiles.Simulations), .. IsTruncated ? [RunFiles.Region(round)] : Array.Empty<string>()];

    // Rows of earlier rounds that lie in the region of this one are draws of its prior.
    private bool Reuses => !model.Method.Proposes && model.RoundsLearnedFrom(round).Count > 1;

    private bool IsTruncated => Reuses || (model.Method.TruncatesToBox && round > 1);

    public void AddInputs(InputHash hash)
    {
        model.AddPrior(hash);
        model.AddNetwork(hash);
        model.AddTraining(hash, round);
        hash.Add("seed", model.Study.Seed);
        if (model.Study.Inference.Fresh)
        {
            model.AddSimulationInputs(hash, round);
        }

        if (model.IsStreamed(round))
        {
            hash.Add("memory", model.Study.Inference.Memory);
        }
    }

    public void Run(StageContext context, CancellationToken cancel)
    {
        TrainingOptions options = model.Training(round);
        var progress = new FitProgress(context, options, model.Study.Inference.Ensemble?.Members ?? 1);
        var checkpoints = new TrainingCheckpoints(context.Checkpoint(), model.Clock);
        using CampaignReader? blocks = model.IsStreamed(round) ? SimulationsFile.Open(model, round, context) : null;
        TrainingData data = blocks is null ? InMemory(context) : new TrainingData(Pairs: null, blocks, Rounds: [], model.Prior);
        (int count, int excluded) = blocks is null ? Enough(data.Pairs!.Count, data.Pairs.Excluded) : Enough(blocks.Rows.Sum(), blocks.Excluded);
        (Estimate estimate, TrainingResult training) = model.Method.Train(model, data, options, model.Stream(Name), progress, checkpoints, cancel);
        if (training.StopReason == StopReason.Cancelled)
        {
            throw new OperationCanceledException(cancel);
        }

        context.WriteNpz(RunFiles.Network(round), "the network", NetworkFile.Arrays(model.Method, estimate));
        context.WriteJson(RunFiles.NetworkFacts(round), "facts of the network", NetworkFacts.Of(model, round, estimate, training, count + (estimate.Fresh is { } fresh ? fresh.Made - fresh.Failed : 0), excluded));
        if (training.StopReason == StopReason.Diverged)
        {
            context.Warn($"Training of round {round} diverged after {training.Steps} steps; the best weights before that are kept.");
        }
        else if (EnsembleRules.Failed(estimate.Members ?? []) is { } failed)
        {
            context.Warn($"In round {round} {failed}");
        }
    }

    private TrainingData InMemory(StageContext context)
    {
        ITruncatedPrior? region = IsTruncated ? RegionFile.Truncated(model, round, context.Input) : null;
        SimulationPairs[] rounds = [.. model.RoundsLearnedFrom(round).Select(r => r < round && region is not null ? Inside(region, Pairs(r, context)) : Pairs(r, context))];
        SimulationPairs all = rounds is [var one]
            ? one
            : new SimulationPairs([.. rounds.SelectMany(p => p.Theta)], [.. rounds.SelectMany(p => p.X)], rounds.Sum(p => p.Count), rounds.Sum(p => p.Excluded));
        return new TrainingData(all, Blocks: null, rounds, region ?? model.Prior);
    }

    private SimulationPairs Pairs(int of, StageContext context)
    {
        using CampaignReader simulations = SimulationsFile.Open(model, of, context);
        SimulationPairs pairs = simulations.ReadAll().Successful();

        // The streams are those of the round that simulated: a row has the same noise and the same gaps in every training.
        return model.IsNoiseFresh ? pairs : model.Measurement.Observe(pairs, part => model.Stream($"{part}-{of}"));
    }

    // Failures count where they were made: without outputs nothing tells here whether they lie inside.
    private SimulationPairs Inside(ITruncatedPrior region, SimulationPairs pairs)
    {
        int d = model.Dimension, k = pairs.X.Length / Math.Max(1, pairs.Count);
        int[] rows = [.. Enumerable.Range(0, pairs.Count).Where(i => region.Contains(pairs.Theta.AsSpan(i * d, d)))];
        return new SimulationPairs([.. rows.SelectMany(i => pairs.Theta[(i * d)..((i + 1) * d)])], [.. rows.SelectMany(i => pairs.X[(i * k)..((i + 1) * k)])], rows.Length, Excluded: 0);
    }

    private static (int Count, int Excluded) Enough(int count, int excluded) => count >= FewestSimulations
        ? (count, excluded)
        : throw new RunException($"Expected at least {FewestSimulations} simulations with finite outputs to train on, got {count} of {count + excluded}.");
}
