namespace Quincunx.Numerics.Kernels;

/// <inheritdoc/>
internal readonly struct TwoTerms : ITermCount
{
    /// <inheritdoc/>
    public static int Value => 2;
}
