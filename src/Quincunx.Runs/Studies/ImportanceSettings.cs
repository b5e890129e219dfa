namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>importance</c>.</summary>
public sealed record ImportanceSettings(int Draws, int Rounds);
