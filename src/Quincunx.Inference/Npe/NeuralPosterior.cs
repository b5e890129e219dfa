using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

/// <summary>A conditional flow that has learned p(theta | x) from simulations.</summary>
/// <remarks>
/// The flow lives in the unconstrained coordinates of the prior's support, standardised; densities and draws are in theta. So no mass leaks out
/// of the support: a draw is always inside it, and the density integrates to one over it.
/// <para>Draws come in blocks of <see cref="BlockRows"/> rows, block i from stream i, on all cores: the thread count does not change them.</para>
/// </remarks>
public sealed partial class NeuralPosterior : IPosteriorEstimator, IModule
{
    private const int BlockRows = 1024;
    private readonly SupportBijection _bijection;
    private readonly Standardise _thetaScale;
    private readonly FeatureScaling _xScale;
    private readonly Mlp? _embedding;
    private readonly Flow _flow;

    /// <param name="thetaScale">Standardises unconstrained parameters.</param>
    /// <param name="xScale">Scales observations.</param>
    public NeuralPosterior(SupportBijection bijection, Standardise thetaScale, FeatureScaling xScale, NeuralPosteriorOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(thetaScale);
        ArgumentNullException.ThrowIfNull(xScale);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        (_bijection, _thetaScale, _xScale) = (bijection, thetaScale, xScale);
        _embedding = options.EmbeddingHidden.Count == 0
            ? null
            : new Mlp(xScale.Features, options.EmbeddingHidden, options.EmbeddingOutputs, rng.Split("embedding"), options.Flow.Activation);
        _flow = options.Flow.Create(bijection.Dimension, _embedding is null ? xScale.Features : options.EmbeddingOutputs, rng.Split("flow"));
    }

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _xScale.Features;

    public FeatureScaling Scaling => _xScale;

    /// <summary>log q of standardised unconstrained parameters given scaled observations: what training maximises.</summary>
    /// <param name="z">Shape <c>[n, d]</c>.</param>
    /// <param name="x">Shape <c>[n, k]</c> or <c>[1, k]</c>.</param>
    /// <returns>Shape <c>[n]</c>.</returns>
    public Tensor LogProbScaled(Tensor z, Tensor x) => _flow.LogProb(z, Embed(x));

    /// <summary>Standardised unconstrained coordinates of parameters, as training wants them.</summary>
    public void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> z)
    {
        _bijection.ToUnconstrained(thetas, z);
        _thetaScale.Apply(z, z);
    }

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        CheckObservations(x, 1);
        if (thetas.Length % Dimension != 0)
        {
            throw new ArgumentException($"Expected whole rows of {Dimension} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] drawn = new double[thetas.Length];
        Draw(x.ToArray(), drawn.Length / Dimension, drawn, rng);
        drawn.CopyTo(thetas);
    }

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
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
        Draw(xs.ToArray(), count, drawn, rng);
        drawn.CopyTo(thetas);
    }

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        CheckObservations(x, 1);
        LogProbs(thetas.ToArray(), x.ToArray(), logProbs);
    }

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        CheckObservations(xs, logProbs.Length);
        LogProbs(thetas.ToArray(), xs.ToArray(), logProbs);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _thetaScale);
        tree.Add("x", _xScale);
        if (_embedding is not null)
        {
            tree.Add("embedding", _embedding);
        }

        tree.Add("flow", _flow);
    }

    private bool Inside(ReadOnlySpan<double> theta)
    {
        for (int i = 0; i < theta.Length; i++)
        {
            if (!_bijection.Supports[i].Contains(theta[i]))
            {
                return false;
            }
        }

        return true;
    }

    private Tensor Embed(Tensor x) => _embedding is null ? x : _embedding.Forward(x);

    // Row r belongs to observation r / count.
    private void Draw(double[] xs, int count, double[] thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int d = Dimension, k = Features, rows = thetas.Length / d;
        double[] scaled = new double[xs.Length];
        _xScale.Apply(xs, scaled);
        Rng parent = new(rng.NextUInt64());
        Parallel.For(0, (rows + BlockRows - 1) / BlockRows, block =>
        {
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            using KernelThreads.Share share = KernelThreads.One();
            int from = block * BlockRows, n = Math.Min(BlockRows, rows - from);
            Tensor context = Embed(Rows(scaled, k, from, n, count));
            Tensor z = _flow.Sample(n, parent.Split(block), context);
            double[] values = z.ToArray();
            _thetaScale.Invert(values, values);
            _bijection.ToConstrained(values, thetas.AsSpan(from * d, n * d));
        });
    }

    private void LogProbs(double[] thetas, double[] xs, Span<double> logProbs)
    {
        int d = Dimension, k = Features, rows = logProbs.Length;
        if (thetas.Length != rows * d)
        {
            throw new ArgumentException($"Expected {rows} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] scaled = new double[xs.Length], result = new double[rows];
        _xScale.Apply(xs, scaled);
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
                ReadOnlySpan<double> theta = thetas.AsSpan((from + i) * d, d);
                if (Inside(theta))
                {
                    _bijection.ToUnconstrained(theta, z.AsSpan(i * d, d));
                }
            }

            double[] standard = new double[z.Length];
            _thetaScale.Apply(z, standard);
            Tensor context = Embed(Rows(scaled, k, from, n, perObservation));
            double[] logs = _flow.LogProb(Tensor.From(standard, new Shape(n, d), DType.Float32), context).ToArray();
            for (int i = 0; i < n; i++)
            {
                result[from + i] = logs[i] + _thetaScale.LogAbsDet - _bijection.LogAbsDetToConstrained(z.AsSpan(i * d, d));
            }
        });

        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> theta = thetas.AsSpan(i * d, d);
            logProbs[i] = Inside(theta) ? result[i] : Array.Exists(theta.ToArray(), double.IsNaN) ? double.NaN : double.NegativeInfinity;
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

    // What is not finite would come out as NaN draws, far from its cause.
    private void CheckObservations(ReadOnlySpan<double> xs, int count)
    {
        if (xs.Length != count * Features)
        {
            throw new ArgumentException($"Expected {count} observations of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        for (int i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(xs[i]))
            {
                throw new ArgumentException($"Expected finite observations, got {xs[i]:R} as number {i % Features} of observation {i / Features}.", nameof(xs));
            }
        }
    }
}
