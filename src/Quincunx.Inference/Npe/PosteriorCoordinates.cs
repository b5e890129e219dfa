using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>What surrounds a network that learns a posterior: parameters in unconstrained standardised coordinates, scaled observations, and blocks of rows on all cores.</summary>
/// <remarks>
/// Draws and densities come in blocks of <see cref="BlockRows"/> rows, block i from stream i, each computed by one thread: neither the thread count nor the number of rows changes
/// what a whole block holds.
/// </remarks>
internal sealed class PosteriorCoordinates(SupportBijection bijection, Standardise theta, FeatureScaling x, MissingValues missing = MissingValues.Refused)
{
    public const int BlockRows = 1024;

    /// <summary>Standardised unconstrained parameters, float32 <c>[n, d]</c>.</summary>
    /// <param name="n">Rows.</param>
    /// <param name="rng">Of the block.</param>
    /// <param name="x">Scaled observations, float32 <c>[n, k]</c> or <c>[1, k]</c>.</param>
    public delegate Tensor Draw(int n, Rng rng, Tensor x);

    /// <summary>log q of standardised unconstrained parameters, <c>[n]</c>.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="z">Float32 <c>[n, d]</c>.</param>
    /// <param name="x">Scaled observations, float32 <c>[n, k]</c> or <c>[1, k]</c>.</param>
    public delegate Tensor Density(int block, Tensor z, Tensor x);

    public SupportBijection Bijection => bijection;

    public Standardise Theta => theta;

    public FeatureScaling X => x;

    public MissingValues Missing => missing;

    public int Dimension => bijection.Dimension;

    public int Features => x.Features;

    /// <summary>Finds the scales of pairs in memory.</summary>
    /// <param name="groups">Features that are scaled alike, as for <see cref="FeatureScaling"/>.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, or a theta lies outside the support.</exception>
    public static PosteriorCoordinates Fit(
        SupportBijection bijection, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, int features, MissingValues missing = MissingValues.Refused, IReadOnlyList<int>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        int d = bijection.Dimension;
        _ = PairRows.Count(d, thetas, features, xs);
        PairRows.CheckFinite(xs, features, nameof(xs), missing);
        double[] z = new double[thetas.Length];
        bijection.ToUnconstrained(thetas, z);
        return new PosteriorCoordinates(bijection, Standardise.Fit(z, d), FeatureScaling.Fit(xs, features, missing, groups), missing);
    }

    /// <summary>Scales that are the identity, to import a state into.</summary>
    public static PosteriorCoordinates Untrained(SupportBijection bijection, int features, MissingValues missing = MissingValues.Refused)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return new PosteriorCoordinates(bijection, new Standardise(bijection.Dimension), new FeatureScaling(features), missing);
    }

    /// <summary>Scaled pairs for training.</summary>
    public ScaledPairs Pairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs) => ScaledPairs.InMemory(thetas, Dimension, xs, Features, ScaleTheta, x.Apply);

    public void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> z)
    {
        bijection.ToUnconstrained(thetas, z);
        theta.Apply(z, z);
    }

    /// <summary>As <see cref="IPosteriorEstimator.Sample"/>.</summary>
    public void Sample(ReadOnlySpan<double> observed, Span<double> thetas, Rng rng, Draw draw)
    {
        CheckObservations(observed, 1);
        if (thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected whole rows of {Dimension} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] drawn = new double[thetas.Length];
        DrawBlocks(observed.ToArray(), drawn.Length / Dimension, drawn, rng, draw);
        drawn.CopyTo(thetas);
    }

    /// <summary>As <see cref="IPosteriorEstimator.SampleMany"/>.</summary>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng, Draw draw)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int pairs = xs.Length / Features;
        CheckObservations(xs, pairs);
        if (thetas.Length != pairs * count * Dimension)
        {
            throw new ArgumentException($"Expected [{pairs}, {count}, {Dimension}] parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] drawn = new double[thetas.Length];
        DrawBlocks(xs.ToArray(), count, drawn, rng, draw);
        drawn.CopyTo(thetas);
    }

    /// <summary>As <see cref="IPosteriorEstimator.LogProb"/>.</summary>
    public void LogProb(ReadOnlySpan<double> observed, ReadOnlySpan<double> thetas, Span<double> logProbs, Density density)
    {
        CheckObservations(observed, 1);
        LogProbs(thetas.ToArray(), observed.ToArray(), logProbs, density);
    }

    /// <summary>As <see cref="IPosteriorEstimator.LogProbPairs"/>.</summary>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs, Density density)
    {
        CheckObservations(xs, logProbs.Length);
        LogProbs(thetas.ToArray(), xs.ToArray(), logProbs, density);
    }

    // What is not finite would come out as NaN draws, far from its cause.
    public void CheckObservations(ReadOnlySpan<double> xs, int count)
    {
        if (xs.Length != count * Features)
        {
            throw new ArgumentException($"Expected {count} observations of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        for (int i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(xs[i]) && !(double.IsNaN(xs[i]) && missing == MissingValues.Embedded))
            {
                throw new ArgumentException($"Expected finite observations{MissingValuesText.Hint(xs[i])}, got {xs[i]:R} as number {i % Features} of observation {i / Features}.", nameof(xs));
            }
        }
    }

    // Scaled observations of rows from .. from + n, where each observation serves `count` rows; one row where they all agree.
    private static Tensor Rows(double[] scaled, int k, int from, int n, int count)
    {
        int first = from / count, last = (from + n - 1) / count;
        if (first == last)
        {
            return Tensor.From(scaled.AsSpan(first * k, k), new Shape(1, k), DType.Float32);
        }

        double[] rows = new double[n * k];
        for (int i = 0; i < n; i++)
        {
            scaled.AsSpan((from + i) / count * k, k).CopyTo(rows.AsSpan(i * k, k));
        }

        return Tensor.From(rows, new Shape(n, k), DType.Float32);
    }

    // Row r belongs to observation r / count.
    private void DrawBlocks(double[] xs, int count, double[] thetas, Rng rng, Draw draw)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int d = Dimension, k = Features, rows = thetas.Length / d;
        double[] scaled = new double[xs.Length];
        x.Apply(xs, scaled);
        Rng parent = new(rng.NextUInt64());
        Parallel.For(0, (rows + BlockRows - 1) / BlockRows, block =>
        {
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            using KernelThreads.Share share = KernelThreads.One();
            int from = block * BlockRows, n = Math.Min(BlockRows, rows - from);
            double[] values = draw(n, parent.Split(block), Rows(scaled, k, from, n, count)).ToArray();
            theta.Invert(values, values);
            bijection.ToConstrained(values, thetas.AsSpan(from * d, n * d));
        });
    }

    private void LogProbs(double[] thetas, double[] xs, Span<double> logProbs, Density density)
    {
        int d = Dimension, k = Features, rows = logProbs.Length;
        if (thetas.Length != rows * d)
        {
            throw new ArgumentException($"Expected {rows} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] scaled = new double[xs.Length], result = new double[rows];
        x.Apply(xs, scaled);
        int perObservation = scaled.Length == k ? Math.Max(1, rows) : 1;
        Parallel.For(0, (rows + BlockRows - 1) / BlockRows, block =>
        {
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            using KernelThreads.Share share = KernelThreads.One();
            int from = block * BlockRows, n = Math.Min(BlockRows, rows - from);
            double[] z = new double[n * d];
            for (int i = 0; i < n; i++)
            {
                // A point outside the support has no coordinates; its row is computed at 0 and set to -∞ below.
                ReadOnlySpan<double> row = thetas.AsSpan((from + i) * d, d);
                if (bijection.Contains(row))
                {
                    bijection.ToUnconstrained(row, z.AsSpan(i * d, d));
                }
            }

            double[] standard = new double[z.Length];
            theta.Apply(z, standard);
            double[] logs = density(block, Tensor.From(standard, new Shape(n, d), DType.Float32), Rows(scaled, k, from, n, perObservation)).ToArray();
            for (int i = 0; i < n; i++)
            {
                result[from + i] = logs[i] + theta.LogAbsDet - bijection.LogAbsDetToConstrained(z.AsSpan(i * d, d));
            }
        });

        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> row = thetas.AsSpan(i * d, d);
            logProbs[i] = bijection.Contains(row) ? result[i] : SupportBijection.LogOutside(row);
        }
    }
}
