using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Autodiff.Forward;

// The chain rule, once for functions of one argument and once for two.
public readonly partial struct Dual<TTangent>
{
    // f(x) with slope f'(x). Outside the function's domain the slope is NaN as well, whatever its formula gives there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Dual<TTangent> Chain(double value, double slope, Dual<TTangent> x)
    {
        slope = double.IsNaN(value) ? double.NaN : slope;
        return new(value, double.IsFinite(slope) ? TTangent.Scale(slope, x._tangent) : ScaleMoving(slope, x._tangent));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Dual<TTangent> Chain(double value, double slopeX, Dual<TTangent> x, double slopeY, Dual<TTangent> y) =>
        new(
            value,
            double.IsFinite(slopeX) && double.IsFinite(slopeY)
                ? TTangent.Combine(slopeX, x._tangent, slopeY, y._tangent)
                : TTangent.Add(ScaleMoving(slopeX, x._tangent), ScaleMoving(slopeY, y._tangent)));

    // 0 beside a slope that is infinite or NaN: an argument that does not move in a direction moves nothing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TTangent ScaleMoving(double slope, TTangent tangent)
    {
        foreach (ref double number in Writable(ref tangent))
        {
            number = number == 0 ? 0 : slope * number;
        }

        return tangent;
    }
}
