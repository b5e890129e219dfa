namespace Quincunx.Inference.Diagnostics;

/// <param name="Nominal">Credibility levels, ascending, in (0, 1).</param>
/// <param name="Empirical">Share of pairs whose true parameters lie in the highest-density region of each level.</param>
/// <param name="Lower">Simultaneous band around the diagonal, one a level.</param>
/// <param name="Upper">Simultaneous band around the diagonal, one a level.</param>
/// <param name="Level">Probability with which the curve of a calibrated posterior stays in the band at all levels.</param>
/// <param name="SignedArea">∫ (empirical − nominal), between −1/2 and 1/2: positive for a conservative posterior, negative for an overconfident one.</param>
/// <param name="CalibrationError">Mean absolute distance of the curve from the diagonal.</param>
/// <param name="PValue">Of calibration: the exact test that belongs to the band.</param>
/// <param name="OverconfidentPValue">Small where the curve falls below the diagonal somewhere: regions hold less than they say. One-sided, exact.</param>
/// <param name="ConservativePValue">Small where the curve rises above the diagonal somewhere: regions hold more than they say. One-sided, exact.</param>
public sealed record CoverageResult(
    IReadOnlyList<double> Nominal, IReadOnlyList<double> Empirical, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper,
    double Level, double SignedArea, double CalibrationError, double PValue, double OverconfidentPValue, double ConservativePValue)
{
    /// <summary>The curve lies below the diagonal by more than chance.</summary>
    public bool IsOverconfident => OverconfidentPValue < 1 - Level;

    /// <summary>The curve lies above the diagonal by more than chance.</summary>
    public bool IsConservative => ConservativePValue < 1 - Level;
}
