using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Distributions;

/// <summary>Numbers with given distributions each, correlated through normal scores: Φ⁻¹(Fᵢ(xᵢ)) are jointly normal with unit variances.</summary>
/// <remarks>
/// Sklar 1959; Nelsen 2006, An Introduction to Copulas, chapter 2. With normal margins it is the multivariate normal. The correlations are those of the scores; of the numbers themselves they are those only where
/// all margins are normal. log p = Σ log pᵢ(xᵢ) - ½ log |R| - ½ zᵀ (R⁻¹ - 1) z with scores z (see <see cref="ScalarDistribution.NormalScore"/> for where they lose digits).
/// </remarks>
public sealed class GaussianCopula : IDistribution
{
    private readonly ScalarDistribution[] _margins;
    private readonly Support[] _supports;
    private readonly double[] _factor, _zero;
    private readonly double _logRoot;

    /// <param name="margins">Continuous.</param>
    /// <param name="correlation">Shape <c>[d, d]</c>, row-major: symmetric and positive definite, with a diagonal of ones.</param>
    /// <exception cref="ArgumentException">A margin is discrete, a shape does not fit, or the matrix is not as said.</exception>
    public GaussianCopula(IReadOnlyList<ScalarDistribution> margins, ReadOnlySpan<double> correlation)
    {
        ArgumentNullException.ThrowIfNull(margins);
        int d = margins.Count;
        for (int i = 0; i < d; i++)
        {
            ArgumentNullException.ThrowIfNull(margins[i], nameof(margins));
            if (margins[i].Support.Discrete)
            {
                throw new ArgumentException($"Expected continuous margins; number {i} is discrete.", nameof(margins));
            }
        }

        // Checks shape, symmetry and definiteness, and has the factor.
        _factor = [.. new MultivariateNormal(new double[d], correlation).Cholesky];
        for (int i = 0; i < d; i++)
        {
            if (correlation[(i * d) + i] != 1)
            {
                throw new ArgumentException($"Expected ones on the diagonal, got {correlation[(i * d) + i]} at [{i}, {i}].", nameof(correlation));
            }

            _logRoot += Math.Log(_factor[(i * d) + i]);
        }

        (_margins, _zero) = ([.. margins], new double[d]);
        _supports = [.. margins.Select(m => m.Support)];
    }

    public int Dimension => _margins.Length;

    public IReadOnlyList<Support> Supports => _supports;

    public double LogProb(ReadOnlySpan<double> x)
    {
        int d = Dimension;
        Require.Length(x.Length, d, nameof(x));
        Span<double> z = d <= 64 ? stackalloc double[d] : new double[d];
        double log = 0, squares = 0;
        for (int i = 0; i < d; i++)
        {
            log += _margins[i].LogProb(x[i]);
            z[i] = _margins[i].NormalScore(x[i]);
            squares += z[i] * z[i];
        }

        if (double.IsNaN(log))
        {
            return log;
        }

        // An infinite score is the edge of a support.
        if (!double.IsFinite(log) || !double.IsFinite(squares))
        {
            return double.NegativeInfinity;
        }

        Span<double> white = d <= 64 ? stackalloc double[d] : new double[d];
        return log - _logRoot - 0.5 * (CholeskyFactor.Solve(_factor, z, _zero, white) - squares);
    }

    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        ArgumentNullException.ThrowIfNull(rng);
        rng.NextMultivariateNormal(_zero, _factor, x);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = _margins[i].FromNormalScore(x[i]);
        }
    }
}
