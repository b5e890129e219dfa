namespace Quincunx.Inference.Networks;

/// <summary>The nonlinearity between layers.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x where positive, else 0.01 x.</summary>
    LeakyRelu,

    /// <summary>x where positive, else eˣ - 1.</summary>
    Elu,

    /// <summary>x Φ(x), with the normal distribution function.</summary>
    Gelu,

    /// <summary>x / (1 + e⁻ˣ).</summary>
    Silu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,
}
