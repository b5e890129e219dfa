namespace Quincunx.Inference.Importance;

public enum AdaptationStop
{
    /// <summary>Further rounds no longer raise the efficiency.</summary>
    Settled,

    /// <summary>The rounds ran out while the efficiency was still growing; the result is honest, but more rounds would make it better.</summary>
    RoundsExhausted,

    /// <summary>Too few draws have a positive weight to fit a proposal. There are no draws to report.</summary>
    NoOverlap,
}
