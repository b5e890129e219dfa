namespace Quincunx.Inference.ScoreModels;

/// <summary>How parameters turn into noise: z(t) = α(t) z + σ(t) ε with ε standard normal, from t = 0, the parameters, to t = 1, the noise.</summary>
/// <remarks>
/// All of these pass through the same family of densities: up to the scale √(α² + σ²) a point of any path is cos φ z + sin φ ε with tan φ = σ / α. They differ in which noise training sees
/// how often, and in the diffusion that runs along them.
/// </remarks>
public enum NoisePath
{
    /// <summary>α = 1 - t, σ = t: straight lines at constant speed (Lipman et al. 2023, arXiv:2210.02747, section 4.1, with σ_min = 0).</summary>
    OptimalTransport,

    /// <summary>α² = exp(-0.1 t - 9.95 t²), σ² = 1 - α² (Song et al. 2021, arXiv:2011.13456, equation 33; the variance-preserving path of Lipman et al.).</summary>
    VariancePreserving,

    /// <summary>The same α, σ = 1 - α² (Song et al. 2021, appendix C).</summary>
    SubVariancePreserving,

    /// <summary>α = 1, σ = 0.002 · 25,000ᵗ, up to 50 (Song et al. 2021, equation 31).</summary>
    VarianceExploding,
}
