using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>The law of exp(y), y normal with mean <paramref name="mu"/> and standard deviation <paramref name="sigma"/>.</summary>
/// <exception cref="ArgumentOutOfRangeException">Mu is not finite, or sigma not positive and finite.</exception>
public sealed class LogNormal(double mu, double sigma) : ScalarDistribution(Support.Positive)
{
    private readonly double _mu = Require.Finite(mu), _sigma = Require.Positive(sigma);
    private readonly double _logSigma = Math.Log(sigma);

    public override double Mean => Math.Exp(_mu + 0.5 * _sigma * _sigma);

    public override double Variance => SpecialFunctions.Expm1(_sigma * _sigma) * Math.Exp(2 * _mu + _sigma * _sigma);

    private protected override double LogDensity(double x)
    {
        double y = Math.Log(x);
        return x == 0 ? double.NegativeInfinity : SpecialFunctions.NormalLogPdf((y - _mu) / _sigma) - _logSigma - y;
    }

    private protected override double CdfInside(double x) => SpecialFunctions.NormalCdf((Math.Log(x) - _mu) / _sigma);

    private protected override double ScoreInside(double x) => (Math.Log(x) - _mu) / _sigma;

    private protected override double AtScore(double score) => Math.Exp(_mu + (_sigma * score));

    private protected override double Draw(Rng rng) => Math.Exp(_mu + _sigma * rng.NextNormal());
}
