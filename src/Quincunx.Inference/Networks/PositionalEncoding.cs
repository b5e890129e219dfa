namespace Quincunx.Inference.Networks;

/// <summary>What tells a <see cref="TransformerEncoder"/> where in a sequence a row stands.</summary>
public enum PositionalEncoding
{
    /// <summary>Nothing: rows are a set.</summary>
    None,

    /// <summary>Sines and cosines of the position, of wavelengths from 2π to 2π · 10,000 (Vaswani et al. 2017, arXiv:1706.03762, section 3.5).</summary>
    Sinusoidal,
}
