namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>A choice of a simulated event, to train a proposal on.</summary>
/// <param name="Site">Index among the learned sites.</param>
/// <param name="Noise">The noise it came of, where it is proposed by noise.</param>
/// <param name="LogLaw">Log-probabilities of the values, where it is proposed by them.</param>
internal readonly record struct RecordedChoice(int Site, double Value, double Noise, float[]? LogLaw);
