using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>The calls of <see cref="IPosteriorEstimator"/> for posteriors that are a closed form at each observation, in float64.</summary>
/// <param name="at">The distribution of standardised unconstrained parameters at a scaled observation, <c>[k]</c>.</param>
internal sealed class PredictiveCoordinates(PosteriorCoordinates coordinates, Func<double[], PredictiveNormals> at)
{
    public int Dimension => coordinates.Dimension;

    public int Features => coordinates.Features;

    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int d = Dimension, pairs = xs.Length / Features;
        coordinates.CheckObservations(xs, pairs);
        if (thetas.Length != pairs * count * d)
        {
            throw new ArgumentException($"Expected [{pairs}, {count}, {d}] parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        Rng parent = new(rng.NextUInt64());
        for (int i = 0; i < pairs; i++)
        {
            PredictiveNormals normals = At(xs.Slice(i * Features, Features));
            Rng own = parent.Split(i);
            for (int n = i * count; n < (i + 1) * count; n++)
            {
                normals.Draw(thetas.Slice(n * d, d), own);
            }
        }

        coordinates.Theta.Invert(thetas, thetas);
        coordinates.Bijection.ToConstrained(thetas, thetas);
    }

    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        coordinates.CheckObservations(x, 1);
        if (thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected whole rows of {Dimension} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        SampleMany(x, thetas.Length / Dimension, thetas, rng);
    }

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        coordinates.CheckObservations(x, 1);
        CheckRows(thetas, logProbs.Length);
        PredictiveNormals normals = At(x);
        for (int i = 0; i < logProbs.Length; i++)
        {
            logProbs[i] = LogProb(normals, thetas.Slice(i * Dimension, Dimension));
        }
    }

    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        coordinates.CheckObservations(xs, logProbs.Length);
        CheckRows(thetas, logProbs.Length);
        for (int i = 0; i < logProbs.Length; i++)
        {
            logProbs[i] = LogProb(At(xs.Slice(i * Features, Features)), thetas.Slice(i * Dimension, Dimension));
        }
    }

    private PredictiveNormals At(ReadOnlySpan<double> x)
    {
        double[] scaled = new double[x.Length];
        coordinates.X.Apply(x, scaled);
        return at(scaled);
    }

    private double LogProb(PredictiveNormals normals, ReadOnlySpan<double> theta)
    {
        for (int j = 0; j < theta.Length; j++)
        {
            if (double.IsNaN(theta[j]))
            {
                return double.NaN;
            }
        }

        for (int j = 0; j < theta.Length; j++)
        {
            if (!coordinates.Bijection.Supports[j].Contains(theta[j]))
            {
                return double.NegativeInfinity;
            }
        }

        double[] z = new double[theta.Length], standard = new double[theta.Length];
        coordinates.Bijection.ToUnconstrained(theta, z);
        coordinates.Theta.Apply(z, standard);
        return normals.LogProb(standard) + coordinates.Theta.LogAbsDet - coordinates.Bijection.LogAbsDetToConstrained(z);
    }

    private void CheckRows(ReadOnlySpan<double> thetas, int rows)
    {
        if (thetas.Length != rows * Dimension)
        {
            throw new ArgumentException($"Expected {rows} rows of {Dimension} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }
    }
}
