namespace Quincunx.Inference.Nre;

/// <summary>What a classifier of parameters is trained to tell apart, and so which ratio it learns.</summary>
public enum RatioLoss
{
    /// <summary>Pairs of joint against pairs of the product of marginals (NRE-A: Hermans, Begy and Louppe 2020, arXiv:1903.04057). The output is log p(x | theta) / p(x).</summary>
    Binary,

    /// <summary>
    /// Which of K parameters made x (NRE-B: Durkan, Murray and Papamakarios 2020, arXiv:2002.03712). The output is log p(x | theta) plus any function of x, which cancels in a posterior at one observation.
    /// </summary>
    Contrastive,

    /// <summary>
    /// Which of K parameters made x, or none of them (NRE-C: Miller, Weniger and Forré 2022, arXiv:2210.06170). The output is log p(x | theta) / p(x); one parameter and odds of 1 are <see cref="Binary"/>,
    /// and odds that grow without bound tend to <see cref="Contrastive"/>.
    /// </summary>
    ContrastiveMarginal,
}
