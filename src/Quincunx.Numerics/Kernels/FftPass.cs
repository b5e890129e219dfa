using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>One pass of a transform: butterflies of one radix and the roots of unity after them.</summary>
internal sealed class FftPass<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <param name="radix">Elements that meet in a butterfly.</param>
    /// <param name="count">Butterflies of the pass.</param>
    public FftPass(int radix, int count)
    {
        (Radix, Count) = (radix, count);
        (Real, Imaginary) = Roots.Of<T>(radix * count, count, radix);
        (UnitReal, UnitImaginary) = Roots.Of<T>(radix, radix, radix);
    }

    public int Radix { get; }

    public int Count { get; }

    /// <summary>exp(-2πi p k / (radix · count)) for butterfly p and its result k.</summary>
    public T[] Real { get; }

    public T[] Imaginary { get; }

    /// <summary>exp(-2πi j k / radix).</summary>
    public T[] UnitReal { get; }

    public T[] UnitImaginary { get; }
}
