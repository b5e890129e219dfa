namespace Quincunx.Inference.Importance;

/// <summary>What becomes of the effective share of draws as there are more of them.</summary>
public enum EfficiencyTrend
{
    /// <summary>It no longer changes with the number of draws as far as these show, and the tail of the weights has a variance.</summary>
    Settled,

    /// <summary>It falls as draws are added: a share found from few draws is too good.</summary>
    Falling,

    /// <summary>These draws do not tell.</summary>
    Unclear,
}
