namespace Quincunx.Numerics.Tracing;

/// <summary>One operation of a trace: what it read, what it wrote, and the values of both.</summary>
internal sealed record TraceStep(OperationNote Note, IReadOnlyList<TracedTensor> Results, IReadOnlyList<TracedTensor> Inputs);
