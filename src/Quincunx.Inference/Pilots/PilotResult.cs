using Quincunx.Inference.Fresh;

namespace Quincunx.Inference.Pilots;

/// <summary>A posterior learned about a pilot, and what it cost.</summary>
/// <param name="Posterior">Null where there was nothing to learn from.</param>
/// <param name="Fresh">How training went; its posterior is the network's, of w.</param>
public sealed record PilotResult(PilotPosterior? Posterior, FreshResult Fresh);
