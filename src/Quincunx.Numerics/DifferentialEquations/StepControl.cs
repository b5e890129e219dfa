namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The next step's length from the error of this one: proportional and integral control.</summary>
/// <remarks>
/// Gustafsson 1991, with the constants of DOPRI5 (Hairer, Nørsett and Wanner 1993, and Hairer and Wanner 1996, section IV.2):
/// h ← h · 0.9 · errₙ^(-(1/5 - 0.75 β)) · errₙ₋₁^β with β = 0.04, growing at most tenfold and shrinking at most to a fifth.
/// </remarks>
internal struct StepControl(int order)
{
    private const double Beta = 0.04, Safety = 0.9, Shrink = 0.2, Grow = 10, SmallestError = 1e-4;

    private readonly double _exponent = (1.0 / order) - (0.75 * Beta);
    private double _previous = SmallestError;
    private bool _rejected;

    /// <summary>The factor for the next step after one that is kept; it does not grow right after a rejection.</summary>
    /// <param name="error">Norm of the error beside the tolerance, at most 1.</param>
    public double Accept(double error)
    {
        double factor = Math.Clamp(Safety * Math.Pow(error, -_exponent) * Math.Pow(_previous, Beta), Shrink, _rejected ? 1 : Grow);
        _previous = Math.Max(error, SmallestError);
        _rejected = false;
        return factor;
    }

    /// <summary>The factor for another try.</summary>
    /// <param name="error">Above 1, or not finite: then the step shrinks as far as it may.</param>
    public double Reject(double error)
    {
        _rejected = true;
        return double.IsFinite(error) ? Math.Max(Shrink, Safety * Math.Pow(error, -_exponent)) : Shrink;
    }
}
