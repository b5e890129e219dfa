using Quincunx.Inference.Importance;

namespace Quincunx.Runs.Pipeline;

/// <summary>How drawing until an effective number ended.</summary>
/// <param name="Wanted">Effective draws.</param>
/// <param name="Stop">A <see cref="DrawUntilStop"/>.</param>
/// <param name="Fresh">Whether the draws are others than those that reached it.</param>
public sealed record DrawingFacts(int Wanted, string Stop, bool Fresh, string Advice);
