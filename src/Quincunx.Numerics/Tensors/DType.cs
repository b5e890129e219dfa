namespace Quincunx.Numerics.Tensors;

/// <summary>Element type of a tensor, chosen at run time.</summary>
public enum DType
{
    /// <summary>IEEE binary32: the default of networks.</summary>
    Float32,

    /// <summary>IEEE binary64: physics, likelihoods and every gradient check.</summary>
    Float64,
}
