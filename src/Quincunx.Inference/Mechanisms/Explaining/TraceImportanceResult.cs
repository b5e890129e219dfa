using Quincunx.Inference.Importance;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>What importance sampling of traces found.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Traces">The events that agree with the observation.</param>
/// <param name="Weights">Of all events drawn, those of weight 0 included: evidence p(x | theta) with its error, effective sample size, tail.</param>
public sealed record TraceImportanceResult(TraceImportanceStop StopReason, ExplainedTraces Traces, ImportanceWeights Weights);
