namespace Quincunx.Numerics.Tensors;

/// <summary>What stands in front of the first and behind the last element of an axis.</summary>
public enum PaddingKind
{
    /// <summary>Zeros; for pooling, nothing.</summary>
    Zero,

    /// <summary>The axis again: the grid is a torus.</summary>
    Circular,
}
