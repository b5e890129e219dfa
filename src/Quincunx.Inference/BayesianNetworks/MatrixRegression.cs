using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>Bayesian linear regression of several outputs with unknown noise covariance, in closed form.</summary>
/// <remarks>
/// Y = Φ W + E with rows of E from N(0, Σ), W | Σ matrix normal with row covariance V (diagonal) and column covariance Σ, and Σ inverse Wishart(Ψ₀, ν₀) with Ψ₀ = ψ I. Conjugate (Bishop 2006, Pattern Recognition and Machine
/// Learning, section 3.5; for several outputs Minka 2000, "Bayesian linear regression"): with A = V⁻¹ + Φᵀ Φ, M = A⁻¹ Φᵀ Y and Ψ = Ψ₀ + Yᵀ Y - Mᵀ A M, a new row with features φ is multivariate
/// t with ν = ν₀ + n - d + 1 degrees of freedom, location Mᵀ φ and scale (1 + φᵀ A⁻¹ φ) Ψ / ν.
/// </remarks>
internal sealed class MatrixRegression
{
    private readonly int _p, _d, _n;
    private readonly double[] _root, _half, _residual;      // L of A = L Lᵀ; B = L⁻¹ Φᵀ Y, [p, d]; Yᵀ Y - Bᵀ B, [d, d]
    private readonly double _logVolume;

    /// <param name="phi">Φ, <c>[n, p]</c>.</param>
    /// <param name="y">Y, <c>[n, d]</c>.</param>
    /// <param name="variances">The diagonal of V, positive. Shape <c>[p]</c>.</param>
    public MatrixRegression(ReadOnlySpan<double> phi, ReadOnlySpan<double> y, ReadOnlySpan<double> variances, int outputs)
        : this(Products(phi, y, variances.Length, outputs), y, variances, outputs)
    {
    }

    /// <param name="products">Of <see cref="Products"/>.</param>
    public MatrixRegression((double[] Gram, double[] Cross) products, ReadOnlySpan<double> y, ReadOnlySpan<double> variances, int outputs)
    {
        (_p, _d, _n) = (variances.Length, outputs, y.Length / outputs);
        double[] a = [.. products.Gram];
        double log = 0;
        for (int i = 0; i < _p; i++)
        {
            a[i * (_p + 1)] += 1 / variances[i];
            log -= Math.Log(variances[i]);
        }

        (_root, _half, _residual) = (new double[_p * _p], new double[_p * _d], new double[_d * _d]);
        if (CholeskyFactor.Compute(a, _p, _root) is { } fault)
        {
            throw new ArgumentException($"Expected finite features, got a precision with pivot {fault.Pivot:R} in row {fault.Row}.", nameof(products));
        }

        for (int i = 0; i < _p; i++)
        {
            log -= 2 * Math.Log(_root[i * (_p + 1)]);
            for (int j = 0; j < _d; j++)
            {
                double sum = products.Cross[(i * _d) + j];
                for (int k = 0; k < i; k++)
                {
                    sum -= _root[(i * _p) + k] * _half[(k * _d) + j];
                }

                _half[(i * _d) + j] = sum / _root[i * (_p + 1)];
            }
        }

        _logVolume = log;       // -log |V| - log |A|, that is -log |I + Φ V Φᵀ|
        for (int i = 0; i < _d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int r = 0; r < _n; r++)
                {
                    sum += y[(r * _d) + i] * y[(r * _d) + j];
                }

                for (int k = 0; k < _p; k++)
                {
                    sum -= _half[(k * _d) + i] * _half[(k * _d) + j];
                }

                _residual[(i * _d) + j] = _residual[(j * _d) + i] = sum;
            }
        }
    }

    /// <summary>L with A = L Lᵀ. Shape <c>[p, p]</c>.</summary>
    public double[] Root => _root;

    /// <summary>L⁻¹ Φᵀ Y, with M = L⁻ᵀ times it. Shape <c>[p, d]</c>.</summary>
    public double[] Half => _half;

    /// <summary>Φᵀ Φ and Φᵀ Y.</summary>
    public static (double[] Gram, double[] Cross) Products(ReadOnlySpan<double> phi, ReadOnlySpan<double> y, int p, int d)
    {
        double[] gram = new double[p * p], cross = new double[p * d];
        for (int r = 0; r < y.Length / d; r++)
        {
            ReadOnlySpan<double> row = phi.Slice(r * p, p), own = y.Slice(r * d, d);
            for (int i = 0; i < p; i++)
            {
                double value = row[i];
                for (int j = 0; j <= i; j++)
                {
                    gram[(i * p) + j] += value * row[j];
                }

                for (int j = 0; j < d; j++)
                {
                    cross[(i * d) + j] += value * own[j];
                }
            }
        }

        return (gram, cross);
    }

    /// <summary>Ψ, <c>[d, d]</c>.</summary>
    public double[] Scale(double psi)
    {
        double[] scale = [.. _residual];
        for (int i = 0; i < _d; i++)
        {
            scale[i * (_d + 1)] += psi;
        }

        return scale;
    }

    /// <summary>log p(Y | Φ): a matrix t density. log Γ_d(a) = d (d - 1) / 4 log π + Σⱼ log Γ(a - j / 2), whose first term cancels.</summary>
    public double LogEvidence(double psi, double degrees)
    {
        double[] factor = new double[_d * _d];
        if (CholeskyFactor.Compute(Scale(psi), _d, factor) is not null)
        {
            return double.NegativeInfinity;     // rounding has eaten Ψ
        }

        double log = (-0.5 * _n * _d * Math.Log(Math.PI)) + (0.5 * _d * _logVolume) + (0.5 * degrees * _d * Math.Log(psi));
        for (int j = 0; j < _d; j++)
        {
            log += SpecialFunctions.LogGamma(0.5 * (degrees + _n - j)) - SpecialFunctions.LogGamma(0.5 * (degrees - j)) - ((degrees + _n) * Math.Log(factor[j * (_d + 1)]));
        }

        return log;
    }
}
