namespace Quincunx.Inference.Networks;

/// <summary>What tells a <see cref="TransformerEncoder"/> where in a sequence a row stands.</summary>
public enum PositionalEncoding
{
    /// <summary>Nothing: rows are a set.</summary>
    None,

    /// <summary>Sines and cosines of the position, of wavelengths from 2π to 2π · 10,000 (Vaswani et al. 2017, arXiv:1706.03762, section 3.5).</summary>
    Sinusoidal,

    /// <summary>
    /// Scores of attention that depend on how far behind or ahead a row stands, in each block and head: linear in the distance (Press et al. 2022, arXiv:2108.12409; slopes from 1/2 in the first head to
    /// 1/256 in the last) plus trained numbers, 16 a direction, one for each distance below 8 and the rest over logarithms of it up to 128 (Raffel et al. 2020, arXiv:1910.10683, section 2.1).
    /// </summary>
    Relative,

    /// <summary><see cref="Relative"/> in every block, and <see cref="Sinusoidal"/> before the last alone, so that those before it treat all places alike (He et al. 2021, arXiv:2006.03654, section 3.2).</summary>
    Both,
}
