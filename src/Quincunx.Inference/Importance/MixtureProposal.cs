using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>A mixture of unconstrained coordinates as a proposal of parameters, such as the one that <see cref="AdaptiveImportance"/> ends with.</summary>
/// <remarks>Near an edge of the support its density is as exact as parameters there can be told from the edge.</remarks>
public sealed class MixtureProposal : IPosterior
{
    private readonly StudentTMixture _mixture;
    private readonly SupportBijection _bijection;

    /// <param name="mixture">Of unconstrained coordinates.</param>
    /// <param name="bijection">Of the parameters' support.</param>
    /// <exception cref="ArgumentException">Dimensions differ.</exception>
    public MixtureProposal(StudentTMixture mixture, SupportBijection bijection)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(bijection);
        if (mixture.Dimension != bijection.Dimension)
        {
            throw new ArgumentException($"Expected a mixture of dimension {bijection.Dimension}, got {mixture.Dimension}.", nameof(mixture));
        }

        (_mixture, _bijection) = (mixture, bijection);
    }

    public int Dimension => _mixture.Dimension;

    public bool IsNormalised => true;

    public void Sample(Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected rows of {Dimension}, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] z = new double[thetas.Length];
        for (int i = 0; i < z.Length; i += Dimension)
        {
            _mixture.Sample(z.AsSpan(i, Dimension), rng);
        }

        _bijection.ToConstrained(z, thetas);
    }

    public void LogProb(ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        Require.Length(thetas.Length, logProbs.Length * Dimension, nameof(thetas));
        double[] z = new double[Dimension];
        for (int i = 0; i < logProbs.Length; i++)
        {
            ReadOnlySpan<double> theta = thetas.Slice(i * Dimension, Dimension);
            if (!_bijection.Contains(theta))
            {
                logProbs[i] = SupportBijection.LogOutside(theta);
                continue;
            }

            _bijection.ToUnconstrained(theta, z);
            logProbs[i] = _mixture.LogProb(z) - _bijection.LogAbsDetToConstrained(z);
        }
    }
}
