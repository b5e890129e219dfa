using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>The derivative in one direction.</summary>
public readonly struct Tangent1 : ITangent<Tangent1>
{
    private readonly double _x;

    private Tangent1(double x) => _x = x;

    /// <inheritdoc/>
    public static int Directions => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent1 Scale(double a, Tangent1 x) => new(a * x._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent1 Combine(double a, Tangent1 x, double b, Tangent1 y) => new(double.MultiplyAddEstimate(a, x._x, b * y._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent1 Add(Tangent1 x, Tangent1 y) => new(x._x + y._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangent1 Subtract(Tangent1 x, Tangent1 y) => new(x._x - y._x);
}
