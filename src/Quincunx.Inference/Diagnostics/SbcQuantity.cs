namespace Quincunx.Inference.Diagnostics;

/// <summary>The ranks of one test quantity.</summary>
/// <param name="Name">The parameter, or <see cref="SbcResult.LogDensity"/> or <see cref="SbcResult.LogLikelihood"/>.</param>
/// <param name="Ranks">One a pair, 0 to L: how many draws lie below the truth, ties broken at random.</param>
/// <param name="Uniforms">
/// One a pair, in [0, 1): (rank + a uniform) / (L + 1), or its weighted form. Exactly uniform and independent if calibrated, so tests for continuous values hold.
/// </param>
/// <param name="Test">Uniformity of <paramref name="Uniforms"/>.</param>
/// <param name="AdjustedPValue">The ECDF test's p-value, adjusted by Holm for all quantities of the result.</param>
public sealed record SbcQuantity(
    string Name, IReadOnlyList<int> Ranks, IReadOnlyList<double> Uniforms, UniformityTest Test, double AdjustedPValue);
