using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Distributions;

/// <summary>Student's t, shifted and scaled.</summary>
public sealed class StudentT : ScalarDistribution
{
    private readonly double _degrees, _location, _scale, _logNormaliser;

    /// <exception cref="ArgumentOutOfRangeException">Degrees or scale are not positive and finite, or the location is not finite.</exception>
    public StudentT(double degreesOfFreedom, double location = 0, double scale = 1)
        : base(Support.Real)
    {
        _degrees = Require.Positive(degreesOfFreedom);
        _location = Require.Finite(location);
        _scale = Require.Positive(scale);
        // Γ((ν + 1)/2) / (Γ(ν/2) √(ν π)) = 1 / (B(ν/2, 1/2) √ν)
        _logNormaliser = -SpecialFunctions.LogBeta(0.5 * _degrees, 0.5) - 0.5 * Math.Log(_degrees) - Math.Log(_scale);
    }

    public override double Mean => _degrees > 1 ? _location : double.NaN;

    public override double Variance => _degrees > 2 ? _scale * _scale * (_degrees / (_degrees - 2))
        : _degrees > 1 ? double.PositiveInfinity : double.NaN;

    private protected override double LogDensity(double x)
    {
        double t = Math.Abs((x - _location) / _scale), s = t * t / _degrees;
        // Where t² overflows, log(1 + s) is log s.
        double log = double.IsFinite(s) ? SpecialFunctions.Log1p(s) : 2 * Math.Log(t) - Math.Log(_degrees);
        return _logNormaliser - 0.5 * (_degrees + 1) * log;
    }

    private protected override double CdfInside(double x) => SpecialFunctions.StudentTCdf((x - _location) / _scale, _degrees);

    // The law has draws beyond float64 for degrees below 0.05; they are brought back to the largest number.
    private protected override double Draw(Rng rng) => _location + _scale * rng.NextStudentT(_degrees);
}
