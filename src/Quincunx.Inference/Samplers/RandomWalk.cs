using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>A Gaussian proposal whose shape and size can be learned.</summary>
internal sealed class RandomWalk
{
    private readonly int _d;
    private readonly double[] _factor, _noise;
    private double _logSize;
    private long _learned;

    /// <param name="scales">Standard deviations of the proposal.</param>
    public RandomWalk(IReadOnlyList<double> scales)
    {
        _d = scales.Count;
        (_factor, _noise) = (new double[_d * _d], new double[_d]);
        for (int i = 0; i < _d; i++)
        {
            _factor[(i * _d) + i] = scales[i];
        }
    }

    /// <summary>What the size aims at: optimal for many, and for one dimension (Roberts and Rosenthal 2001, Statist. Sci. 16, 351).</summary>
    public double TargetAcceptance => _d == 1 ? 0.44 : 0.234;

    public void Propose(ReadOnlySpan<double> point, Span<double> proposal, Rng rng)
    {
        rng.FillNormal(_noise);
        double size = Math.Exp(_logSize);
        for (int i = 0; i < _d; i++)
        {
            proposal[i] = point[i] + (size * Metric.Dot(_factor.AsSpan(i * _d, i + 1), _noise.AsSpan(0, i + 1)));
        }
    }

    /// <summary>Takes 2.38² / d times the covariance as that of the proposal, if it is positive definite.</summary>
    /// <param name="covariance">Shape <c>[d, d]</c>; the lower triangle is read.</param>
    public bool TakeShape(ReadOnlySpan<double> covariance)
    {
        double[] factor = new double[_d * _d];
        if (CholeskyFactor.Compute(covariance, _d, factor, tolerance: 1e-14) is not null)
        {
            return false;
        }

        double optimal = 2.38 / Math.Sqrt(_d);
        for (int i = 0; i < factor.Length; i++)
        {
            _factor[i] = optimal * factor[i];
        }

        (_logSize, _learned) = (0, 0);
        return true;
    }

    /// <summary>A Robbins-Monro step of the size towards <see cref="TargetAcceptance"/>.</summary>
    public void TakeAcceptance(double acceptance)
    {
        _learned++;
        _logSize = Math.Clamp(_logSize + ((acceptance - TargetAcceptance) * 3 / Math.Pow(_learned, 0.6)), -50, 50);
    }
}
