namespace Quincunx.Inference.Importance;

/// <summary>What the mean of importance weights estimates.</summary>
public enum EvidenceMeaning
{
    /// <summary>p(x) of the prior and the likelihood that was evaluated.</summary>
    OfTheModel,

    /// <summary>p(x) of the prior and a learned likelihood: as right as the network is, and its error says nothing about that.</summary>
    OfALearnedLikelihood,

    /// <summary>Nothing: the likelihood is known up to a factor that depends on x, as learned ratios are.</summary>
    None,
}
