namespace Quincunx.Inference.Fresh;

/// <summary>Standard deviations of the noise under given circumstances.</summary>
/// <param name="context">As it was drawn or observed.</param>
/// <param name="sigmas">One for each output; overwritten, with positive numbers.</param>
public delegate void NoiseLevels(ReadOnlySpan<double> context, Span<double> sigmas);
