using System.Diagnostics.CodeAnalysis;

namespace Quincunx.Inference.Mechanisms.Counterfactuals;

/// <summary>The event that a mechanism's noise must have been, or why there is not one.</summary>
/// <param name="Event">The event, or null.</param>
/// <param name="Reason">Why there is none; empty where there is.</param>
public sealed record Abduction(TraceRecord? Event, string Reason)
{
    /// <summary>Whether the event was found.</summary>
    [MemberNotNullWhen(true, nameof(Event))]
    public bool IsExact => Event is not null;
}
