using System.Numerics;

namespace Quincunx.Physics.Toys;

/// <summary>Checks of what a simulator is given.</summary>
internal static class Parameters
{
    /// <exception cref="ArgumentOutOfRangeException">A parameter is infinite or NaN.</exception>
    public static void CheckFinite<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        foreach (TReal value in theta)
        {
            if (!TReal.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(theta), value, "Expected finite parameters.");
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    public static void CheckPositive<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        foreach (TReal value in theta)
        {
            if (!(value > TReal.Zero && TReal.IsFinite(value)))
            {
                throw new ArgumentOutOfRangeException(nameof(theta), value, "Expected positive, finite parameters.");
            }
        }
    }
}
