using MathNet.Numerics.Integration;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>A normal, given that it lies between two bounds, of which either or both may be infinite.</summary>
/// <remarks>
/// <para>
/// Everything is measured from the anchor, the point of the interval nearest the mean, in units of the standard deviation and towards
/// the interior: a variable e with density proportional to exp(-t e - e²/2), t the anchor's distance from the mean. So nothing cancels,
/// however far in the tail the interval lies. The normaliser is a 12 by 20 point Gauss-Legendre sum, exact to rounding.
/// </para>
/// <para>Draws: C. P. Robert 1995, "Simulation of truncated normal variables", Stat. Comput. 5, 121; at least 2 in 5 proposals are accepted.</para>
/// </remarks>
public sealed class TruncatedNormal : ScalarDistribution
{
    private const int Panels = 12;
    private static readonly GaussLegendreRule Rule = new(0, 1, 20);
    private static readonly double[] Nodes = [.. Enumerable.Range(0, Rule.Order).Select(Rule.GetAbscissa)];
    private static readonly double[] NodeWeights = [.. Enumerable.Range(0, Rule.Order).Select(Rule.GetWeight)];

    private readonly double _sd, _anchor, _direction;
    private readonly double _tilt;              // t: 0 when the mean is inside
    private readonly double _low, _high;        // the range of e; _low is 0 unless the mean is inside
    private readonly double _mass, _logNormaliser;

    /// <param name="mean">Mean of the normal before truncation; it may lie outside the bounds.</param>
    /// <param name="standardDeviation">Its standard deviation.</param>
    /// <exception cref="ArgumentException">
    /// A parameter is not finite, the deviation is not positive, the bounds are NaN or not in order, or the interval lies more than 1e100
    /// deviations from the mean, or is so narrow that its width in deviations underflows.
    /// </exception>
    public TruncatedNormal(double mean, double standardDeviation, double lower, double upper)
        : base(new Support(lower, upper))
    {
        Require.Finite(mean);
        _sd = Require.Positive(standardDeviation);
        if (!(lower < upper))
        {
            throw new ArgumentException($"Expected lower < upper, got [{lower}, {upper}].");
        }

        _anchor = Math.Clamp(mean, lower, upper);
        _direction = mean > upper ? -1 : 1;
        _tilt = Math.Abs(_anchor - mean) / _sd;
        if (!(_tilt <= 1e100))
        {
            throw new ArgumentException($"Expected bounds within 1e100 deviations of the mean {mean}, got [{lower}, {upper}].");
        }

        double toLower = (lower - _anchor) / _sd, toUpper = (upper - _anchor) / _sd;
        (_low, _high) = _direction > 0 ? (toLower, toUpper) : (-toUpper, -toLower);
        (_mass, _, _) = Moments(_high);
        if (!(_mass > 0))
        {
            throw new ArgumentException($"The width of [{lower}, {upper}] vanishes beside the deviation {standardDeviation}.");
        }

        _logNormaliser = Math.Log(_mass) + Math.Log(_sd);
    }

    public override double Mean
    {
        get
        {
            (double mass, double first, _) = Moments(_high);
            return _anchor + _direction * _sd * (first / mass);
        }
    }

    public override double Variance
    {
        get
        {
            (double mass, double first, double second) = Moments(_high);
            return _sd * _sd * (second / mass - first / mass * (first / mass));
        }
    }

    private protected override double LogDensity(double x)
    {
        double e = (x - _anchor) / _sd * _direction;
        return -e * (_tilt + 0.5 * e) - _logNormaliser;
    }

    private protected override double CdfInside(double x)
    {
        double share = Math.Clamp(Moments((x - _anchor) / _sd * _direction).Mass / _mass, 0, 1);
        return _direction > 0 ? share : 1 - share;
    }

    private protected override double Draw(Rng rng)
    {
        double e = _tilt > 0 || _low == 0 || _high == 0 ? DrawOneSided(rng) : DrawAroundMean(rng);
        return _anchor + _direction * _sd * e;
    }

    private double DrawAroundMean(Rng rng)
    {
        bool wide = _high - _low > 2.5;
        while (true)
        {
            double e = wide ? rng.NextNormal() : rng.NextUniform(_low, _high);
            if (wide ? e > _low && e < _high : rng.NextExponential() >= 0.5 * e * e)
            {
                return e;
            }
        }
    }

    private double DrawOneSided(Rng rng)
    {
        // A mean exactly on the upper bound has its interval on the negative side.
        double side = _high == 0 ? -1 : 1, width = _high == 0 ? -_low : _high;
        double root = double.Hypot(_tilt, 2), rate = 0.5 * (_tilt + root), excess = 2 / (root + _tilt);     // rate - t = excess
        bool narrow = rate * width < 1.5;
        while (true)
        {
            double e = narrow ? rng.NextUniform(0, width) : rng.NextExponential() / rate;
            double cost = narrow ? e * (_tilt + 0.5 * e) : 0.5 * (e - excess) * (e - excess);
            if (e <= width && rng.NextExponential() >= cost)
            {
                return side * e;
            }
        }
    }

    // Integrals of exp(-t e - e²/2) times 1, e, e² from _low to `to`. Where t e + e²/2 passes 42 (e^-42 = 6e-19) the rest is beyond rounding.
    private (double Mass, double First, double Second) Moments(double to)
    {
        double reach = 84 / (double.Hypot(_tilt, Math.Sqrt(84)) + _tilt);
        double from = Math.Max(_low, -reach);
        double width = Math.Max(0, Math.Min(to, reach) - from) / Panels;
        double mass = 0, first = 0, second = 0;
        for (int panel = 0; panel < Panels; panel++)
        {
            for (int i = 0; i < Nodes.Length; i++)
            {
                double e = from + width * (panel + Nodes[i]);
                double density = NodeWeights[i] * Math.Exp(-e * (_tilt + 0.5 * e));
                mass += density;
                first += density * e;
                second += density * e * e;
            }
        }

        return (width * mass, width * first, width * second);
    }
}
