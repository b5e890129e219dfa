using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>Gamma with the given shape and rate (mean shape / rate).</summary>
/// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
public sealed class Gamma(double shape, double rate) : ScalarDistribution(Support.Positive)
{
    private readonly double _shape = Require.Positive(shape), _rate = Require.Positive(rate);
    private readonly double _logRate = Math.Log(rate);

    public override double Mean => _shape / _rate;

    public override double Variance => _shape / _rate / _rate;

    // rate · shape/(rate x) · (the Poisson term of shape at mean rate x): Loader's form keeps the digits of large shapes.
    private protected override double LogDensity(double x)
    {
        if (x == 0)
        {
            return _shape == 1 ? _logRate : _shape < 1 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        double mean = _rate * x;
        if (mean is 0 || double.IsInfinity(mean))       // out of range, though x is not
        {
            return double.IsInfinity(mean) ? double.NegativeInfinity
                : _shape * _logRate + (_shape - 1) * Math.Log(x) - SpecialFunctions.LogGamma(_shape);
        }

        return SpecialFunctions.PoissonLogPmf(_shape, mean) + Math.Log(_shape) - Math.Log(x);
    }

    private protected override double CdfInside(double x) => SpecialFunctions.GammaP(_shape, _rate * x);

    private protected override double Draw(Rng rng) => rng.NextGamma(_shape) / _rate;
}
