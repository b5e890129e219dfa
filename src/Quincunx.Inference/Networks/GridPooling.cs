namespace Quincunx.Inference.Networks;

/// <summary>How a <see cref="ConvolutionBlock"/> makes its grid coarser.</summary>
public enum GridPooling
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The mean of each two neighbours along every axis.</summary>
    Mean,

    /// <summary>The largest of each two neighbours along every axis.</summary>
    Max,
}
