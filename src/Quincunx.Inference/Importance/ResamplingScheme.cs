namespace Quincunx.Inference.Importance;

/// <summary>How weighted draws are turned into equally weighted ones. Both are unbiased: draw i is expected n wᵢ / Σ w times.</summary>
public enum ResamplingScheme
{
    /// <summary>One uniform shifts a comb of equal teeth: draw i is taken ⌊n wᵢ⌋ or ⌈n wᵢ⌉ times. The least variance in practice.</summary>
    Systematic,

    /// <summary>One uniform for each of n equal strata: never more variance than independent draws (Douc, Cappé, Moulines 2005).</summary>
    Stratified,
}
