using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;

namespace Quincunx.Inference.Posteriors;

/// <summary>log prior + log-likelihood of one observation in the prior's coordinates, with the gradient of the latter from the estimator and that of the former by differences.</summary>
internal sealed class ObservedTarget : IGradientTarget
{
    // A central difference of a smooth prior has errors of h² and of rounding over h: the cube root of the precision of float64.
    private const double RelativeStep = 6e-6;

    private readonly IDistribution _prior;
    private readonly ILikelihoodEstimator _likelihood;
    private readonly double[] _x;
    private double[] _xs = [];

    public ObservedTarget(IDistribution prior, ILikelihoodEstimator likelihood, ReadOnlySpan<double> x) => (_prior, _likelihood, _x) = (prior, likelihood, x.ToArray());

    public int Dimension => _likelihood.Dimension;

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        _likelihood.LogLikelihood(_x, points, logDensities);
        AddPrior(points, logDensities);
    }

    /// <inheritdoc/>
    public void EvaluateWithGradient(ReadOnlySpan<double> points, Span<double> logDensities, Span<double> gradients)
    {
        int rows = logDensities.Length, k = _x.Length, d = Dimension;
        if (_xs.Length < rows * k)
        {
            _xs = new double[rows * k];
            for (int i = 0; i < rows; i++)
            {
                _x.CopyTo(_xs, i * k);
            }
        }

        _likelihood.LogLikelihoodPairs(points, _xs.AsSpan(0, rows * k), logDensities, gradients);
        AddPrior(points, logDensities);
        Span<double> moved = stackalloc double[d];
        for (int i = 0; i < rows; i++)
        {
            points.Slice(i * d, d).CopyTo(moved);
            for (int j = 0; j < d; j++)
            {
                gradients[(i * d) + j] += Slope(moved, j);
            }
        }
    }

    private void AddPrior(ReadOnlySpan<double> points, Span<double> logDensities)
    {
        for (int i = 0; i < logDensities.Length; i++)
        {
            logDensities[i] += _prior.LogProb(points.Slice(i * Dimension, Dimension));
        }
    }

    // Towards the inside where a neighbour lies outside the support.
    private double Slope(Span<double> theta, int j)
    {
        double at = theta[j], scale = Scale(j, at), here = _prior.LogProb(theta);
        double above = At(theta, j, at + (RelativeStep * scale)), below = At(theta, j, at - (RelativeStep * scale));
        theta[j] = at;
        return (double.IsFinite(above), double.IsFinite(below)) switch
        {
            (true, true) => (above - below) / (2 * RelativeStep * scale),
            (true, false) => (above - here) / (RelativeStep * scale),
            (false, true) => (here - below) / (RelativeStep * scale),
            _ => 0,
        };
    }

    private double At(Span<double> theta, int j, double value)
    {
        theta[j] = value;
        return _prior.LogProb(theta);
    }

    // Where there is an end the distance to it, since densities of positive numbers vary on that scale.
    private double Scale(int j, double at)
    {
        Support s = _prior.Supports[j];
        double toLower = double.IsFinite(s.Lower) ? at - s.Lower : double.PositiveInfinity, toUpper = double.IsFinite(s.Upper) ? s.Upper - at : double.PositiveInfinity;
        double distance = Math.Min(toLower, toUpper);
        return double.IsFinite(distance) ? Math.Max(distance, 1e-9) : Math.Max(1e-3, Math.Abs(at));
    }
}
