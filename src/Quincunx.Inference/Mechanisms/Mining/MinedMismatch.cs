namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>A mined score that is not the derivative of the mined ratio.</summary>
/// <param name="Parameter">Index of the parameter.</param>
/// <param name="Theta">Where.</param>
/// <param name="Score">As mined.</param>
/// <param name="Quotient">Difference of mined log ratios over the step.</param>
public sealed record MinedMismatch(int Parameter, IReadOnlyList<double> Theta, double Score, double Quotient);
