using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Importance;

/// <summary>Draws of a proposal with the weights that make them those of a target.</summary>
public sealed class ReweightedDraws
{
    private readonly double[] _thetas, _logWeights;

    internal ReweightedDraws(double[] thetas, double[] logWeights, int dimension, int outside, EvidenceMeaning meaning)
    {
        (_thetas, _logWeights, Dimension, Outside, Meaning) = (thetas, logWeights, dimension, outside, meaning);
        Weights = ImportanceWeights.FromLog(logWeights);
    }

    /// <summary>Number of parameters d.</summary>
    public int Dimension { get; }

    public int Count => _logWeights.Length;

    /// <summary>Shape <c>[n, d]</c>, row-major: every draw, those of weight zero included.</summary>
    public ReadOnlySpan<double> Thetas => _thetas;

    /// <summary>log prior + log-likelihood − log proposal, one a draw: −∞ outside the target's support, NaN or +∞ where an evaluation failed.</summary>
    public ReadOnlySpan<double> LogWeights => _logWeights;

    /// <summary>What the weights say: effective draws, tail index, and how many have no weight (<see cref="ImportanceWeights.Zeros"/>) or failed (<see cref="ImportanceWeights.Invalid"/>).</summary>
    public ImportanceWeights Weights { get; }

    /// <summary>Draws where the prior is zero; they are among the zeros of <see cref="Weights"/>. The others had a likelihood of zero.</summary>
    public int Outside { get; }

    /// <summary>Draws at which the likelihood was asked for, or would have been had the draw been a number.</summary>
    public int Evaluations => Count - Outside;

    /// <summary>What <see cref="LogEvidence"/> is the evidence of.</summary>
    public EvidenceMeaning Meaning { get; }

    /// <summary>log p(x); NaN where <see cref="Meaning"/> is <see cref="EvidenceMeaning.None"/>.</summary>
    public double LogEvidence => Meaning == EvidenceMeaning.None ? double.NaN : Weights.LogEvidence;

    /// <summary>Standard error of <see cref="LogEvidence"/> from the weights; to be trusted with a tail index below 0.7 only.</summary>
    public double LogEvidenceError => Meaning == EvidenceMeaning.None ? double.NaN : Weights.LogEvidenceError;

    /// <summary>Effective draws against the number of draws.</summary>
    public EfficiencyCurve Curve() => EfficiencyCurve.Of(_logWeights);

    /// <summary>Equally weighted draws with repeats (sampling importance resampling: Rubin 1988).</summary>
    /// <remarks>
    /// Draws of the target as n grows; at finite n the target is off by O(1/n). More than the effective number brings repeats and no information: for averages the weights themselves are better.
    /// </remarks>
    /// <param name="count">How many.</param>
    /// <returns>Shape <c>[count, d]</c>, in the order of the weighted draws.</returns>
    /// <exception cref="InvalidOperationException">There is no positive weight.</exception>
    public double[] Resample(int count, Rng rng, ResamplingScheme scheme = ResamplingScheme.Systematic) => Rows(Weights.Resample(count, rng, scheme));

    /// <summary>Draws without repeats, in random order; see <see cref="ImportanceWeights.ResampleWithoutReplacement"/> for what that costs.</summary>
    /// <returns>Shape <c>[count, d]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer draws of positive weight.</exception>
    public double[] ResampleWithoutReplacement(int count, Rng rng) => Rows(Weights.ResampleWithoutReplacement(count, rng));

    private double[] Rows(int[] chosen)
    {
        double[] rows = new double[chosen.Length * Dimension];
        for (int i = 0; i < chosen.Length; i++)
        {
            _thetas.AsSpan(chosen[i] * Dimension, Dimension).CopyTo(rows.AsSpan(i * Dimension));
        }

        return rows;
    }
}
