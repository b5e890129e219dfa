namespace Quincunx.Numerics.Kernels;

/// <inheritdoc/>
internal readonly struct FiveTerms : ITermCount
{
    /// <inheritdoc/>
    public static int Value => 5;
}
