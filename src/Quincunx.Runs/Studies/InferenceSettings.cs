using System.Text.Json.Serialization;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference</c>.</summary>
/// <param name="Simulations">Training budget of the last round, and of the others without <paramref name="Early"/>.</param>
/// <param name="Truncation">Share of the posterior that each truncation may cut off.</param>
/// <param name="Early">Budget of the rounds before the last; null: the same as the last.</param>
/// <param name="Embedding">Null: the flow sees the data themselves.</param>
/// <param name="Abc">Null: <see cref="AbcSettings.Usual"/>.</param>
/// <param name="Bayesian">Null: <see cref="BayesianSettings.Usual"/>.</param>
/// <param name="Gaps">Null: no number of an observation may be missing.</param>
/// <param name="Gold">Null: <see cref="GoldSettings.Usual"/>.</param>
/// <param name="Balance">Weight of the balance condition of <c>npe</c>; 0 for none.</param>
/// <param name="Ensemble">Null: one network.</param>
/// <param name="Fresh">Whether each epoch has simulations of its own, made while the network learns.</param>
/// <param name="Equivariance">Null: no symmetry.</param>
/// <param name="Memory">Bytes that the simulations of a round may take in memory; more of them are read from the disk while a network is trained.</param>
public sealed record InferenceSettings(
    string Method, int Simulations, int Rounds, double Truncation, EarlySettings? Early, FlowSettings Flow, EmbeddingSettings? Embedding, TrainingSettings Training, LikelihoodSettings Likelihood,
    RatioSettings Ratio, ScoreSettings Score, MixtureSettings Mixture, SamplerSettings Sampler, long Memory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AbcSettings? Abc = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BayesianSettings? Bayesian = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double Balance = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EnsembleSettings? Ensemble = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Fresh = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GoldSettings? Gold = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GapSettings? Gaps = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EquivarianceSettings? Equivariance = null);
