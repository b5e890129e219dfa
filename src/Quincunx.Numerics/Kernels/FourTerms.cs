namespace Quincunx.Numerics.Kernels;

/// <inheritdoc/>
internal readonly struct FourTerms : ITermCount
{
    /// <inheritdoc/>
    public static int Value => 4;
}
