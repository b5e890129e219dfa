namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.early</c>.</summary>
public sealed record EarlySettings(int Simulations, int MaxEpochs);
