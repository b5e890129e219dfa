namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.gold</c>: how joint scores count.</summary>
/// <param name="ScoreWeight">Weight of their squared error, per parameter in units of the scores' variance.</param>
public sealed record GoldSettings(double ScoreWeight)
{
    /// <summary>Where the study has no such key.</summary>
    public static GoldSettings Usual { get; } = new(1);
}
