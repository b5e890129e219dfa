namespace Quincunx.Numerics.Kernels;

/// <inheritdoc/>
internal readonly struct ThreeTerms : ITermCount
{
    /// <inheritdoc/>
    public static int Value => 3;
}
