using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>The posterior of theta as an equal mixture of q(theta | x, ĝₖ) over blurred poses of converged chains: a density that integrates to one, and what draws of it follow.</summary>
/// <remarks>As the chains have it, the density of theta is the mean of q(theta | x, ĝ) over ĝ ~ p(ĝ | x); K poses in place of all make another proposal, not a wrong one: it is the density of <see cref="Sample"/> exactly.</remarks>
internal sealed class PoseMixture : IPosterior
{
    private readonly IPosedPosterior _posterior;
    private readonly double[] _x, _poses;
    private readonly int _components;

    /// <param name="poses">Shape <c>[components, p]</c>.</param>
    public PoseMixture(IPosedPosterior posterior, double[] x, double[] poses, int components)
    {
        (_posterior, _x, _poses, _components) = (posterior, x, poses, components);
    }

    public int Dimension => _posterior.Dimension;

    public bool IsNormalised => true;

    public void Sample(Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int p = _poses.Length / _components, n = EquivariantPosterior.Rows(thetas.Length, Dimension);
        double[] poses = new double[n * p];
        for (int i = 0; i < n; i++)
        {
            int k = (int)(rng.NextDouble() * _components);
            _poses.AsSpan(k * p, p).CopyTo(poses.AsSpan(i * p));
        }

        _posterior.Sample(_x, poses, thetas, rng);
    }

    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        int p = _poses.Length / _components, n = logProbs.Length;
        EquivariantPosterior.CheckRows(thetas.Length, Dimension, n);

        // Running log-sum-exp, one component at a time for all rows: the network embeds each moved observation once.
        double[] logs = new double[n], largest = new double[n], sums = new double[n];
        Array.Fill(largest, double.NegativeInfinity);
        for (int k = 0; k < _components; k++)
        {
            _posterior.LogProb(_x, _poses.AsSpan(k * p, p), thetas, logs);
            for (int i = 0; i < n; i++)
            {
                if (logs[i] > largest[i])
                {
                    (sums[i], largest[i]) = ((sums[i] * Math.Exp(largest[i] - logs[i])) + 1, logs[i]);
                }
                else if (!double.IsNegativeInfinity(logs[i]))
                {
                    sums[i] += Math.Exp(logs[i] - largest[i]);      // NaN stays
                }
            }
        }

        for (int i = 0; i < n; i++)
        {
            logProbs[i] = largest[i] + Math.Log(sums[i]) - Math.Log(_components);
        }
    }
}
