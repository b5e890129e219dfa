using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Pipeline.Judgement;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary><c>npe</c> by several networks, whose mixture is the posterior; in several rounds by truncation.</summary>
internal sealed class EnsembleMethod : InferenceMethod
{
    private readonly NpeMethod _one = new();

    public override string Name => _one.Name;

    public override string Title => "an ensemble of neural posteriors";

    public override string Noun => "ensemble";

    public override string Improvement => "Use more simulations, or larger or longer trained networks: an ensemble is wider where its networks disagree, not where they err alike.";

    public override string Loss => _one.Loss;

    public override bool Proposes => false;

    public override bool Samples => false;

    public override bool Streams => false;

    // Of as many simulations as a study has where it does not say; one that does reads its own.
    public override TrainingOptions Training => _one.Training;

    public override Estimate Untrained(StudyModel model, NamedTensors state) => Of(EnsembleEstimation.Untrained(model.Bijection, model.Features, Options(model)), members: null);

    public override (Estimate Estimate, TrainingResult Training) Train(
        StudyModel model, TrainingData data, TrainingOptions options, Rng rng, FitProgress progress, ITrainingCheckpoints checkpoints, CancellationToken cancel)
    {
        EnsembleResult result = EnsembleEstimation.Train(
            model.Bijection, data.Pairs!.Theta, data.Pairs.X, model.Features, Options(model), options, rng, progress, checkpoints, cancel);
        return (Of(result.Posterior, [.. result.Members.Select(MemberFacts.Of)]), Together(result));
    }

    public override void AddNetwork(StudyModel model, InputHash hash)
    {
        EnsembleSettings own = Settings(model);
        _one.AddNetwork(model, hash);
        hash.Add("members", own.Members).Add("bootstrapped", own.Bootstrapped);
    }

    public override string Describe(StudyModel model)
    {
        EnsembleSettings own = Settings(model);
        return $"{Words.Count(own.Members)} networks{(own.Bootstrapped ? ", each on its own draw of the simulations with replacement" : "")}, of which each is: {_one.Describe(model)}";
    }

    private static EnsembleSettings Settings(StudyModel model) => model.Study.Inference.Ensemble!;

    private static EnsembleOptions Options(StudyModel model) => new()
    {
        Members = Settings(model).Members,
        Variety = Settings(model).Bootstrapped ? EnsembleVariety.Bootstrapped : EnsembleVariety.Reseeded,
        Batched = Settings(model).Batched,
        Network = model.Network,
    };

    private static Estimate Of(PosteriorEnsemble ensemble, IReadOnlyList<MemberFacts>? members) =>
        new(ensemble, ((Inference.Npe.NeuralPosterior)ensemble.Members[0]).Scaling, ensemble, Members: members);

    // Means over the members that are used, of which one that ended early stays at its last epoch; steps are those of all.
    private static TrainingResult Together(EnsembleResult result)
    {
        TrainingResult[] used = [.. result.Members.Where(m => m.IsUsed).Select(m => m.Training)];
        used = used.Length > 0 ? used : [.. result.Members.Select(m => m.Training)];
        int epochs = used.Max(t => t.History.Count);
        TrainingResult[] told = [.. used.Where(t => t.History.Count > 0)];
        return new TrainingResult
        {
            StopReason = result.StopReason,
            History = [.. Enumerable.Range(0, epochs).Select(e => Mean(e, [.. told.Select(t => t.History[Math.Min(e, t.History.Count - 1)])]))],
            BestEpoch = used.Select(t => t.BestEpoch).Order().ElementAt(used.Length / 2),
            BestValidationLoss = used.Average(t => t.BestValidationLoss),
            Steps = result.Members.Sum(m => m.Training.Steps),
            SkippedSteps = result.Members.Sum(m => m.Training.SkippedSteps),
            Replays = result.Members.Sum(m => m.Training.Replays),
            TrainingRows = used.Max(t => t.TrainingRows),
            ValidationRows = used.Max(t => t.ValidationRows),
        };
    }

    private static TrainingEpoch Mean(int epoch, TrainingEpoch[] members) => new(
        epoch, members.Average(m => m.TrainingLoss), members.Average(m => m.ValidationLoss), members.Average(m => m.LearningRate), members.Average(m => m.GradientNorm), members.Sum(m => m.Steps),
        members.Sum(m => m.Clipped), members.Sum(m => m.Skipped));
}
