using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>The map between vectors in a product of intervals (theta) and all of ℝⁿ (z), a coordinate at a time.</summary>
/// <remarks>
/// <para>
/// Real line: z = theta. (a, ∞): z = log(theta - a). (-∞, b): z = -log(b - theta). (a, b): z = logit((theta - a) / (b - a)), formed as
/// log((theta - a) / (b - theta)). All are increasing.
/// </para>
/// <para>
/// On an edge theta stands for numbers within half a float64 step of it, and is treated as that half step inside (at 0 the step is the
/// smallest positive number), so z is finite. Towards theta, what rounding would put on or beyond an edge becomes the nearest float64 inside,
/// or the edge itself where no float64 lies between the ends; the log-determinant is that of the exact map. NaN maps to NaN both ways.
/// </para>
/// <para>Batches are row-major, shape <c>[n, Dimension]</c>. Input and output may be the same span but not otherwise overlap.</para>
/// </remarks>
public sealed partial class SupportBijection
{
    private readonly Support[] _supports;

    /// <exception cref="ArgumentException">A coordinate is discrete, or an interval is empty, NaN, or too wide for float64.</exception>
    public SupportBijection(IReadOnlyList<Support> supports)
    {
        ArgumentNullException.ThrowIfNull(supports);
        _supports = [.. supports];
        for (int i = 0; i < _supports.Length; i++)
        {
            Support s = _supports[i];
            if (s.Discrete)
            {
                throw new ArgumentException($"Coordinate {i} is discrete; only continuous coordinates map to the real line.", nameof(supports));
            }

            if (!(s.Lower < s.Upper) || (double.IsFinite(s.Lower) && double.IsFinite(s.Upper) && !double.IsFinite(s.Upper - s.Lower)))
            {
                throw new ArgumentException($"Coordinate {i}: expected lower < upper with a width that float64 holds, got [{s.Lower}, {s.Upper}].", nameof(supports));
            }
        }
    }

    /// <inheritdoc cref="SupportBijection(IReadOnlyList{Support})"/>
    public SupportBijection(IDistribution distribution)
        : this((distribution ?? throw new ArgumentNullException(nameof(distribution))).Supports)
    {
    }

    public int Dimension => _supports.Length;

    /// <summary>The interval of each coordinate.</summary>
    public IReadOnlyList<Support> Supports => _supports;

    /// <summary>Whether every coordinate lies in its interval; false for NaN.</summary>
    /// <param name="theta">Shape <c>[Dimension]</c>.</param>
    internal bool Contains(ReadOnlySpan<double> theta)
    {
        for (int i = 0; i < theta.Length; i++)
        {
            if (!_supports[i].Contains(theta[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The log-density of a point outside: NaN for NaN, else negative infinity.</summary>
    /// <param name="theta">Shape <c>[Dimension]</c>.</param>
    internal static double LogOutside(ReadOnlySpan<double> theta) => theta.Contains(double.NaN) ? double.NaN : double.NegativeInfinity;

    /// <param name="theta">Shape <c>[Dimension]</c> or <c>[n, Dimension]</c>.</param>
    /// <param name="z">The same shape.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number (not NaN) is infinite or outside its interval.</exception>
    public void ToUnconstrained(ReadOnlySpan<double> theta, Span<double> z)
    {
        CheckLengths(theta.Length, z.Length);
        for (int row = 0; row < theta.Length; row += Dimension)
        {
            for (int i = 0; i < Dimension; i++)
            {
                double x = theta[row + i];
                if (!_supports[i].Contains(x) && !double.IsNaN(x))
                {
                    throw new ArgumentException(
                        $"Expected coordinate {i} in [{_supports[i].Lower}, {_supports[i].Upper}], got {x} in row {row / Dimension}.", nameof(theta));
                }

                z[row + i] = ToReal(_supports[i], x);
            }
        }
    }

    /// <param name="z">Shape <c>[Dimension]</c> or <c>[n, Dimension]</c>; infinite numbers go to the last float64 before the edge.</param>
    /// <param name="theta">The same shape.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public void ToConstrained(ReadOnlySpan<double> z, Span<double> theta)
    {
        CheckLengths(z.Length, theta.Length);
        for (int row = 0; row < z.Length; row += Dimension)
        {
            for (int i = 0; i < Dimension; i++)
            {
                theta[row + i] = _supports[i].RoundInside(FromReal(_supports[i], z[row + i]));
            }
        }
    }

    /// <summary>log |d theta / d z|.</summary>
    /// <param name="z">Shape <c>[Dimension]</c>.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public double LogAbsDetToConstrained(ReadOnlySpan<double> z)
    {
        Require.Length(z.Length, Dimension, nameof(z));
        double sum = 0;
        for (int i = 0; i < z.Length; i++)
        {
            sum += LogSlope(_supports[i], z[i]);
        }

        return sum;
    }

    /// <summary>log |d theta / d z| of each row.</summary>
    /// <param name="z">Shape <c>[n, Dimension]</c>.</param>
    /// <param name="logAbsDet">Shape <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public void LogAbsDetToConstrained(ReadOnlySpan<double> z, Span<double> logAbsDet)
    {
        if (z.Length != logAbsDet.Length * Dimension)
        {
            throw new ArgumentException($"Expected shapes [n, {Dimension}] and [n], got lengths {z.Length} and {logAbsDet.Length}.");
        }

        for (int row = 0; row < logAbsDet.Length; row++)
        {
            logAbsDet[row] = LogAbsDetToConstrained(z.Slice(row * Dimension, Dimension));
        }
    }

    private static double ToReal(Support s, double theta) => (double.IsFinite(s.Lower), double.IsFinite(s.Upper)) switch
    {
        (false, false) => theta,
        (true, false) => Math.Log(Above(s, theta)),
        (false, true) => -Math.Log(Below(s, theta)),
        _ => Logit(Above(s, theta), Below(s, theta)),
    };

    private static double FromReal(Support s, double z)
    {
        switch (double.IsFinite(s.Lower), double.IsFinite(s.Upper))
        {
            case (false, false):
                return z;
            case (true, false):
                return s.Lower + Math.Exp(z);
            case (false, true):
                return s.Upper - Math.Exp(-z);
            default:
                // From the nearer end, whose distance keeps its relative accuracy.
                double width = s.Upper - s.Lower;
                return z < 0 ? s.Lower + width * SpecialFunctions.Sigmoid(z) : s.Upper - width * SpecialFunctions.Sigmoid(-z);
        }
    }

    private static double LogSlope(Support s, double z) => (double.IsFinite(s.Lower), double.IsFinite(s.Upper)) switch
    {
        (false, false) => double.IsNaN(z) ? z : 0,
        (true, false) => z,
        (false, true) => -z,
        _ => Math.Log(s.Upper - s.Lower) - Math.Abs(z) - 2 * SpecialFunctions.Log1p(Math.Exp(-Math.Abs(z))),
    };

    // One logarithm of the quotient has a smaller error than the difference of two, unless the quotient leaves the range.
    private static double Logit(double above, double below)
    {
        double odds = above / below;
        return double.IsNormal(odds) ? Math.Log(odds) : Math.Log(above) - Math.Log(below);
    }

    private static double Above(Support s, double theta) =>
        theta == s.Lower ? Math.Max(0.5 * (Math.BitIncrement(s.Lower) - s.Lower), double.Epsilon) : Math.Min(theta - s.Lower, double.MaxValue);

    private static double Below(Support s, double theta) =>
        theta == s.Upper ? Math.Max(0.5 * (s.Upper - Math.BitDecrement(s.Upper)), double.Epsilon) : Math.Min(s.Upper - theta, double.MaxValue);

    private void CheckLengths(int input, int output)
    {
        if (input != output || (Dimension == 0 ? input != 0 : input % Dimension != 0))
        {
            throw new ArgumentException($"Expected two spans of shape [n, {Dimension}], got lengths {input} and {output}.");
        }
    }
}
