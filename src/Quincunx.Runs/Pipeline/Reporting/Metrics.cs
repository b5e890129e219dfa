using System.Text.Json.Serialization;

namespace Quincunx.Runs.Pipeline.Reporting;

/// <summary>Contents of <c>metrics.json</c>: the run in numbers. Nothing in it depends on the clock or the machine.</summary>
/// <param name="Reported"><c>network</c> or <c>reweighted</c>: which posterior <c>posterior.csv</c> holds.</param>
/// <param name="Importance">Null where the study does not ask for reweighting.</param>
/// <param name="Gibbs">How chains of poses went at the observation; null where there is no pose.</param>
/// <param name="Training">One entry a round.</param>
public sealed record Metrics(
    int Format,
    VerdictMetrics Verdict,
    string Reported,
    IReadOnlyList<ParameterMetrics> Parameters,
    ImportanceMetrics? Importance,
    DiagnosticMetrics Diagnostics,
    IReadOnlyList<TrainingMetrics> Training,
    SimulationMetrics Simulations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GibbsFacts? Gibbs = null);
