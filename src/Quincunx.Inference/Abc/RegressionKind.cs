namespace Quincunx.Inference.Abc;

/// <summary>How accepted draws are corrected for the distance of their simulations from the observation.</summary>
public enum RegressionKind
{
    /// <summary>A linear regression of parameters on summaries with equal residuals (Beaumont, Zhang and Balding 2002, Genetics 162, 2025).</summary>
    Linear,

    /// <summary>A nonlinear regression whose residuals change with the summaries, both by networks (Blum and François 2010, Stat. Comput. 20, 63).</summary>
    Neural,
}
