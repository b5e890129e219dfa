namespace Quincunx.Inference.Abc;

/// <summary>How the next tolerance is found from a population's distances.</summary>
public enum ToleranceRule
{
    /// <summary>A share of the population's weight lies within it.</summary>
    Quantile,

    /// <summary>The particles within it have that share of the population's effective sample size (Del Moral, Doucet and Jasra 2012, Stat. Comput. 22, 1009).</summary>
    EffectiveSize,
}
