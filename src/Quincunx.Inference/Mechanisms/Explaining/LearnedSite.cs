namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>A site that a proposal knows.</summary>
/// <param name="Values">Number of values of a discrete choice that is proposed by their probabilities; 0 for one that is proposed by its noise.</param>
/// <param name="Slot">First of its features: one a value, or presence and standardised value.</param>
/// <param name="Mean">Of its values where they are standardised.</param>
/// <param name="Scale">Standard deviation of its values where they are standardised, positive.</param>
internal readonly record struct LearnedSite(Site Site, TraceEntryKind Kind, int Values, int Slot, double Mean, double Scale)
{
    // Beyond this a value is as far as any: no feature may swamp the others.
    private const double Farthest = 10;

    /// <summary>Features it takes.</summary>
    public int Width => Values > 0 ? Values : 2;

    /// <summary>A value as a feature.</summary>
    public float Feature(double value) => (float)Math.Clamp((value - Mean) / Scale, -Farthest, Farthest);
}
