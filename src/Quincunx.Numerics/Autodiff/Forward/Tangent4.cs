using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>Derivatives in four directions, in one register of 256 bits or two of 128.</summary>
public readonly struct Tangent4 : ITangent<Tangent4>
{
    private readonly Vector256<double> _x;

    private Tangent4(Vector256<double> x) => _x = x;

    /// <inheritdoc/>
    public static int Directions => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent4 Scale(double a, Tangent4 x) => new(Vector256.Create(a) * x._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent4 Combine(double a, Tangent4 x, double b, Tangent4 y) =>
        new(Vector256.MultiplyAddEstimate(Vector256.Create(a), x._x, Vector256.Create(b) * y._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent4 Add(Tangent4 x, Tangent4 y) => new(x._x + y._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent4 Subtract(Tangent4 x, Tangent4 y) => new(x._x - y._x);
}
