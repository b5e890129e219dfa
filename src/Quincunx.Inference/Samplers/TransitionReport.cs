namespace Quincunx.Inference.Samplers;

/// <param name="Acceptance">Of each chain.</param>
internal sealed record TransitionReport(IReadOnlyList<double> Acceptance, long Divergences = 0, long Saturations = 0, double StepSize = double.NaN);
