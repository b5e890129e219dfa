using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Diagnostics;

/// <summary>Ranks the test quantities of one pair among its posterior draws. Holds the buffers.</summary>
internal sealed class PairRanking(int dimension, int quantities, SbcOptions options)
{
    private readonly double[] _logProbs = new double[options.Draws], _logWeights = new double[options.Draws], _values = new double[options.Draws];
    private readonly double[] _ones = [.. Enumerable.Repeat(1.0, options.Draws)];

    internal double[] Uniforms { get; } = new double[quantities];

    internal double EffectiveDraws { get; private set; }

    /// <returns>Whether the pair is valid: no NaN, and with weights at least one draw of positive weight.</returns>
    internal bool Rank(
        IPosteriorEstimator posterior, ReadOnlySpan<double> theta, ReadOnlySpan<double> x, double logProb, ReadOnlySpan<double> draws, Rng rng)
    {
        posterior.LogProb(x, draws, _logProbs);
        ReadOnlySpan<double> weights = _ones;
        EffectiveDraws = options.Draws;
        if (options.Joint is not null)
        {
            logProb = options.Joint(theta, x);
            for (int l = 0; l < _logProbs.Length; l++)
            {
                double joint = options.Joint(draws.Slice(l * dimension, dimension), x);
                _logWeights[l] = joint - _logProbs[l];
                _logProbs[l] = joint;
            }

            ImportanceWeights importance = ImportanceWeights.FromLog(_logWeights);
            if (importance.IsEmpty || importance.Invalid > 0)
            {
                return false;
            }

            weights = importance.Weights;
            EffectiveDraws = importance.EffectiveSampleSize;
        }

        bool valid = true;
        for (int j = 0; j < dimension; j++)
        {
            for (int l = 0; l < _values.Length; l++)
            {
                _values[l] = draws[(l * dimension) + j];
            }

            valid &= Place(theta[j], _values, weights, rng, out Uniforms[j]);
        }

        valid &= Place(logProb, _logProbs, weights, rng, out Uniforms[dimension]);
        if (options.Likelihood is not null)
        {
            for (int l = 0; l < _values.Length; l++)
            {
                _values[l] = options.Likelihood.LogLikelihood(draws.Slice(l * dimension, dimension), x);
            }

            valid &= Place(options.Likelihood.LogLikelihood(theta, x), _values, weights, rng, out Uniforms[dimension + 1]);
        }

        return valid;
    }

    // The truth is one more draw of mean weight 1, at a uniformly random place among its ties and itself: for equal weights
    // (rank + u)/(L + 1), exactly uniform.
    private static bool Place(double truth, ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Rng rng, out double uniform)
    {
        double below = 0, ties = 1, total = 1;
        bool valid = !double.IsNaN(truth);
        for (int l = 0; l < values.Length; l++)
        {
            total += weights[l];
            below += values[l] < truth ? weights[l] : 0;
            ties += values[l] == truth ? weights[l] : 0;
            valid &= !double.IsNaN(values[l]);
        }

        uniform = Math.Min((below + (rng.NextDouble() * ties)) / total, 1 - 1e-16);
        return valid;
    }
}
