namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.mixture</c>: the mixture density network.</summary>
/// <param name="Hidden">Widths of the residual blocks, all the same.</param>
public sealed record MixtureSettings(int Components, IReadOnlyList<int> Hidden);
