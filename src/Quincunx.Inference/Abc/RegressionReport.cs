namespace Quincunx.Inference.Abc;

/// <param name="Kind">What was asked for.</param>
/// <param name="Applied">Whether the draws were adjusted; where too few were accepted they are as they were accepted.</param>
/// <param name="VarianceExplained">Share of each unconstrained coordinate's weighted variance that the regression explains; shape <c>[d]</c>. Empty if not applied.</param>
/// <param name="Divergences">Networks whose training diverged and that have the weights they had before.</param>
public sealed record RegressionReport(RegressionKind Kind, bool Applied, IReadOnlyList<double> VarianceExplained, int Divergences);
