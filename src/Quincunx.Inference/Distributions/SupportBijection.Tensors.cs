using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Distributions;

/// <content>The same map in operations of tensors, for computations that are recorded, differentiated or exported.</content>
public sealed partial class SupportBijection
{
    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>As <see cref="ToUnconstrained(ReadOnlySpan{double}, Span{double})"/>; anything where theta is outside the support.</summary>
    /// <param name="theta">Float64, shape <c>[n, Dimension]</c>.</param>
    internal Tensor ToUnconstrained(Tensor theta)
    {
        ShapeException.ThrowUnless(theta, -1, Dimension);
        if (Array.TrueForAll(_supports, s => !HasLower(s) && !HasUpper(s)))
        {
            return theta;
        }

        Tensor above = Distance(theta, s => s.Lower, HasLower, s => Above(s, s.Lower), sign: 1);
        Tensor below = Distance(theta, s => s.Upper, HasUpper, s => Below(s, s.Upper), sign: -1);
        Tensor odds = above / below, isNormal = Tensor.GreaterOrEqual(odds, SmallestNormal) * Tensor.LessOrEqual(odds, double.MaxValue);
        Tensor logit = Tensor.Where(isNormal, Tensor.Log(odds), Tensor.Log(above) - Tensor.Log(below));
        return Tensor.Where(Each(s => HasLower(s) || HasUpper(s) ? 0 : 1), theta, logit);
    }

    /// <summary>As <see cref="ToConstrained(ReadOnlySpan{double}, Span{double})"/>.</summary>
    /// <param name="z">Float64, shape <c>[n, Dimension]</c>.</param>
    internal Tensor ToConstrained(Tensor z)
    {
        ShapeException.ThrowUnless(z, -1, Dimension);
        if (Array.TrueForAll(_supports, s => !HasLower(s) && !HasUpper(s)))
        {
            return z;
        }

        // From the nearer end, whose distance keeps its relative accuracy.
        Tensor lower = Each(s => HasLower(s) ? s.Lower : 0), upper = Each(s => HasUpper(s) ? s.Upper : 0), width = Each(s => HasLower(s) && HasUpper(s) ? s.Upper - s.Lower : 0);
        Tensor bounded = Tensor.Where(Tensor.Less(z, 0), lower + (width * Tensor.Sigmoid(z)), upper - (width * Tensor.Sigmoid(-z)));
        Tensor half = Tensor.Where(Each(s => HasLower(s) ? 1 : 0), lower + Tensor.Exp(z), upper - Tensor.Exp(-z));
        Tensor theta = Tensor.Where(Each(s => HasLower(s) && HasUpper(s) ? 1 : 0), bounded, half);
        theta = Tensor.Where(Each(s => HasLower(s) || HasUpper(s) ? 1 : 0), theta, z);
        return Tensor.Minimum(Tensor.Maximum(theta, Each(s => s.RoundInside(double.NegativeInfinity))), Each(s => s.RoundInside(double.PositiveInfinity)));
    }

    /// <summary>log |d theta / d z| of each row, shape <c>[n]</c>.</summary>
    /// <param name="z">Float64 and finite, shape <c>[n, Dimension]</c>.</param>
    internal Tensor LogAbsDetToConstrained(Tensor z)
    {
        ShapeException.ThrowUnless(z, -1, Dimension);
        Tensor size = Tensor.Abs(z);
        Tensor bounded = Each(s => HasLower(s) && HasUpper(s) ? Math.Log(s.Upper - s.Lower) : 0) - size - (2 * Tensor.Log1p(Tensor.Exp(-size)));
        Tensor half = z * Each(s => (HasLower(s) ? 1 : 0) - (HasUpper(s) ? 1 : 0));
        return Tensor.Where(Each(s => HasLower(s) && HasUpper(s) ? 1 : 0), bounded, half).Sum(1);
    }

    /// <summary>1 for rows in the support, 0 for others and where there is a NaN; shape <c>[n, 1]</c>.</summary>
    /// <param name="theta">Float64, shape <c>[n, Dimension]</c>.</param>
    internal Tensor Contains(Tensor theta)
    {
        ShapeException.ThrowUnless(theta, -1, Dimension);
        Tensor inside = Tensor.GreaterOrEqual(theta, Each(s => s.Lower)) * Tensor.LessOrEqual(theta, Each(s => s.Upper)) * Tensor.IsFinite(theta);
        return inside.Min(1, keepAxes: true);
    }

    private static bool HasLower(Support s) => double.IsFinite(s.Lower);

    private static bool HasUpper(Support s) => double.IsFinite(s.Upper);

    // From an end that there is, and half a step on it; 1 where there is none, whose logarithm counts for nothing.
    private Tensor Distance(Tensor theta, Func<Support, double> end, Func<Support, bool> exists, Func<Support, double> atEnd, double sign)
    {
        Tensor ends = Each(s => exists(s) ? end(s) : 0), distance = Tensor.Minimum((theta - ends) * sign, double.MaxValue);
        Tensor bounded = Tensor.Where(Tensor.Equal(theta, ends), Each(s => exists(s) ? atEnd(s) : 1), distance);
        return Tensor.Where(Each(s => exists(s) ? 1 : 0), bounded, Tensor.Ones(new Shape(Dimension), DType.Float64));
    }

    private Tensor Each(Func<Support, double> value) => Tensor.From([.. _supports.Select(value)], new Shape(Dimension));
}
