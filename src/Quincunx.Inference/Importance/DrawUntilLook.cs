namespace Quincunx.Inference.Importance;

/// <param name="Draws">Made so far.</param>
/// <param name="Effective">What they are worth.</param>
/// <param name="ParetoK">Tail index of their weights.</param>
public sealed record DrawUntilLook(int Draws, double Effective, double ParetoK);
