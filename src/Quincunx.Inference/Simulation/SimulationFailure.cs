namespace Quincunx.Inference.Simulation;

/// <summary>One failed simulation, kept so that it can be explained and repeated.</summary>
/// <param name="Index">Number of the event; the same seed and number give the same failure.</param>
/// <param name="Theta">Its parameters.</param>
/// <param name="Message">What was thrown, or which output was not finite.</param>
public sealed record SimulationFailure(long Index, IReadOnlyList<double> Theta, string Message);
