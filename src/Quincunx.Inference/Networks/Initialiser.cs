namespace Quincunx.Inference.Networks;

/// <summary>The distribution that a weight matrix <c>[outputs, inputs]</c> starts from.</summary>
public enum Initialiser
{
    /// <summary>All zero.</summary>
    Zeros,

    /// <summary>Uniform, variance 1 / inputs: keeps the variance of a linear layer (LeCun et al. 1998, Efficient BackProp).</summary>
    LeCunUniform,

    /// <summary>Uniform, variance 2 / inputs: keeps the mean square through a relu (He et al. 2015, arXiv:1502.01852).</summary>
    HeUniform,

    /// <summary>Normal, variance 2 / inputs.</summary>
    HeNormal,

    /// <summary>Uniform, variance 2 / (inputs + outputs) (Glorot and Bengio 2010, AISTATS).</summary>
    GlorotUniform,

    /// <summary>Normal, variance 2 / (inputs + outputs).</summary>
    GlorotNormal,

    /// <summary>Orthonormal rows, or columns where there are fewer, distributed by Haar measure (Mezzadri 2007, arXiv:math-ph/0609050).</summary>
    Orthogonal,
}
