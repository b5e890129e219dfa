namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.abc.summary</c>: summaries that estimate the posterior mean.</summary>
/// <param name="Powers">Of each output, as linear features.</param>
/// <param name="Hidden">Widths of the layers of a network for what those leave; none for linear summaries.</param>
public sealed record AbcSummarySettings(int Powers, IReadOnlyList<int> Hidden);
