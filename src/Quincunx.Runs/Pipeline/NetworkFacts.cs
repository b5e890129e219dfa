using System.Text.Json.Serialization;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>Contents of <c>network/round-N.json</c>: what the weights beside it mean, and how they were trained.</summary>
/// <param name="Parameters">Order of theta.</param>
/// <param name="Excluded">Failed simulations that were left out.</param>
/// <param name="LogFeatures">Outputs that pass through a logarithm before scaling.</param>
/// <param name="ConstantFeatures">Outputs that never varied: the network learned nothing from them.</param>
/// <param name="Supports">Lower and upper end of each parameter, as the prior has them; null in files of before they were kept.</param>
/// <param name="FlowSteps">Steps of a continuous flow; 0 for other kinds.</param>
/// <param name="Method">Word of the study file; <c>npe</c> in files of before there were others.</param>
/// <param name="HasGaps">Whether numbers of an observation may be missing.</param>
/// <param name="Context">Last numbers of an observation that tell its circumstances, besides those of <paramref name="Embedding"/>.</param>
/// <param name="Chains">Of weights that were sampled; null where they were trained.</param>
/// <param name="Members">Of an ensemble, all of them, in order; null for one network. The history is then the mean over those that are used, of which one that ended early stays at its last epoch.</param>
/// <param name="Fresh">Simulations that were made while it learned; null where it learned from stored ones alone.</param>
/// <param name="Equivariance">The group that parameters and data move under; null for none.</param>
/// <param name="Start">How the network was trained that says where chains of poses start; null for none.</param>
/// <param name="Embedding">What summarises observations; null for nothing.</param>
/// <param name="EmbeddingHidden">Only in files of before there were kinds of embeddings: layers of an MLP.</param>
/// <param name="EmbeddingOutputs">Likewise: its outputs.</param>
public sealed record NetworkFacts(
    int Format,
    int Round,
    IReadOnlyList<string> Parameters,
    string Flow,
    int Transforms,
    IReadOnlyList<int> Hidden,
    int Bins,
    long Simulations,
    int Excluded,
    IReadOnlyList<string> LogFeatures,
    IReadOnlyList<string> ConstantFeatures,
    string StopReason,
    int BestEpoch,
    double BestValidationLoss,
    long Steps,
    long SkippedSteps,
    IReadOnlyList<TrainingEpoch> History,
    IReadOnlyList<IReadOnlyList<double>>? Supports = null,
    int FlowSteps = 0,
    string Method = "npe",
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NetworkChains? Chains = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MemberFacts>? Members = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FreshFacts? Fresh = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EmbeddingSettings? Embedding = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? EmbeddingHidden = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int EmbeddingOutputs = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HasGaps = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Context = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EquivarianceSettings? Equivariance = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StartFacts? Start = null)
{
    internal static NetworkFacts Of(StudyModel model, int round, Methods.Estimate estimate, TrainingResult training, long simulations, int excluded)
    {
        IReadOnlyList<string> outputs = model.Measurement.Names;
        FlowSettings flow = model.Study.Inference.Flow;
        return new NetworkFacts(
            1, round, model.ParameterNames, flow.Kind, flow.Transforms, flow.Hidden, flow.Bins, simulations, excluded,
            [.. (estimate.Scaling?.LogFeatures ?? []).Select(i => outputs[i])], [.. (estimate.Scaling?.ConstantFeatures ?? []).Select(i => outputs[i])],
            estimate.Chains?.StopReason ?? training.StopReason.ToString(), training.BestEpoch, training.BestValidationLoss, training.Steps, training.SkippedSteps, training.History,
            [.. model.Bijection.Supports.Select(s => (IReadOnlyList<double>)[s.Lower, s.Upper])], flow.IsContinuous ? flow.Steps : 0, model.Method.Name, estimate.Chains, estimate.Members, estimate.Fresh, model.Study.Inference.Embedding, HasGaps: model.Measurement.Gaps is not null, Context: model.Measurement.ContextCount,
            Equivariance: model.Study.Inference.Equivariance, Start: estimate.Start);
    }

    /// <summary>The architecture that the weights belong to.</summary>
    internal NeuralPosteriorOptions Network() => new()
    {
        Flow = new FlowOptions
        {
            Kind = Enum.Parse<FlowKind>(Flow.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            Transforms = Transforms,
            Hidden = Hidden[0],
            Blocks = Hidden.Count,
            Bins = Bins,
            Steps = FlowSteps,
        },
        Embedding = (Embedding ?? (EmbeddingHidden is { Count: > 0 } ? new EmbeddingSettings(EmbeddingHidden, EmbeddingOutputs) : null))?.Create(),
        ContextFeatures = (Embedding?.Context ?? 0) + Context,
        Missing = HasGaps ? MissingValues.Embedded : MissingValues.Refused,
    };
}
