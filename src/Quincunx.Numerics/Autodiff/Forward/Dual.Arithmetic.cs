using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Autodiff.Forward;

public readonly partial struct Dual<TTangent>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator +(Dual<TTangent> left, Dual<TTangent> right) =>
        new(left.Value + right.Value, TTangent.Add(left._tangent, right._tangent));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator -(Dual<TTangent> left, Dual<TTangent> right) =>
        new(left.Value - right.Value, TTangent.Subtract(left._tangent, right._tangent));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator *(Dual<TTangent> left, Dual<TTangent> right) =>
        Chain(left.Value * right.Value, right.Value, left, left.Value, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator /(Dual<TTangent> left, Dual<TTangent> right)
    {
        double quotient = left.Value / right.Value, inverse = 1 / right.Value;
        return Chain(quotient, inverse, left, -quotient * inverse, right);
    }

    // With a number beside it the other half of the work falls away. Generic code meets these only through constants of this type.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator +(Dual<TTangent> left, double right) => new(left.Value + right, left._tangent);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator +(double left, Dual<TTangent> right) => new(left + right.Value, right._tangent);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator -(Dual<TTangent> left, double right) => new(left.Value - right, left._tangent);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator *(Dual<TTangent> left, double right) => Chain(left.Value * right, right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator *(double left, Dual<TTangent> right) => Chain(left * right.Value, left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator /(Dual<TTangent> left, double right) => Chain(left.Value / right, 1 / right, left);

    /// <summary>x - n y with n = x / y rounded towards 0, which is constant between its jumps.</summary>
    public static Dual<TTangent> operator %(Dual<TTangent> left, Dual<TTangent> right) =>
        Chain(left.Value % right.Value, 1, left, -Math.Truncate(left.Value / right.Value), right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> operator -(Dual<TTangent> value) => new(-value.Value, TTangent.Scale(-1, value._tangent));

    public static Dual<TTangent> operator +(Dual<TTangent> value) => value;

    public static Dual<TTangent> operator ++(Dual<TTangent> value) => value + 1;

    public static Dual<TTangent> operator --(Dual<TTangent> value) => value - 1;

    /// <summary>x y + z; the value is rounded once.</summary>
    public static Dual<TTangent> FusedMultiplyAdd(Dual<TTangent> left, Dual<TTangent> right, Dual<TTangent> addend)
    {
        Dual<TTangent> product = left * right;
        return new(double.FusedMultiplyAdd(left.Value, right.Value, addend.Value), TTangent.Add(product._tangent, addend._tangent));
    }

    /// <summary>x y + z; the value as <see cref="double.MultiplyAddEstimate"/> has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<TTangent> MultiplyAddEstimate(Dual<TTangent> left, Dual<TTangent> right, Dual<TTangent> addend)
    {
        Dual<TTangent> product = left * right;
        return new(double.MultiplyAddEstimate(left.Value, right.Value, addend.Value), TTangent.Add(product._tangent, addend._tangent));
    }

    /// <summary>x - n y with n the whole number nearest to x / y.</summary>
    public static Dual<TTangent> Ieee754Remainder(Dual<TTangent> left, Dual<TTangent> right) =>
        Chain(Math.IEEERemainder(left.Value, right.Value), 1, left, -Math.Round(left.Value / right.Value), right);

    /// <summary>x 2ⁿ</summary>
    public static Dual<TTangent> ScaleB(Dual<TTangent> x, int n)
    {
        TTangent tangent = x._tangent;
        foreach (ref double number in Writable(ref tangent))
        {
            number = Math.ScaleB(number, n);
        }

        return new(Math.ScaleB(x.Value, n), tangent);
    }
}
