using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Restriction;

/// <summary>A network that has learned how probable it is that a simulation succeeds, as a function of its parameters, and the threshold that its restriction cuts at.</summary>
/// <remarks>It sees the unconstrained coordinates of the prior's support, standardised. Its probability is one among runs with parameters from the prior that it was trained on.</remarks>
public sealed class SuccessClassifier : IModule
{
    private const int BlockRows = 1024;
    private readonly SupportBijection _bijection;
    private readonly Standardise _scale;
    private readonly ResidualMlp _network;
    private readonly Parameter _threshold = new(Tensor.From([0.0], new Shape(1)), isTrained: false);
    private readonly DType _dtype;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="scale">Standardises unconstrained parameters.</param>
    public SuccessClassifier(SupportBijection bijection, Standardise scale, RestrictionOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        RestrictionOptions o = options.Checked();
        var network = new ResidualMlpOptions { Width = o.Width, Blocks = o.Blocks, Activation = o.Activation, DType = o.DType };
        (_bijection, _scale, _dtype, _network) = (bijection, scale, o.DType, new ResidualMlp(bijection.Dimension, 1, network, rng));
    }

    public int Dimension => _bijection.Dimension;

    /// <summary>The log-odds of success from which on parameters count as inside; 0 before training.</summary>
    public double Threshold
    {
        get => _threshold.Value.AsSpan<double>()[0];
        internal set => _threshold.Assign([value]);
    }

    /// <summary>Log-odds of success, log(p / (1 - p)).</summary>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, inside the support.</param>
    /// <param name="logOdds">Shape <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a theta lies outside the support.</exception>
    public void LogOdds(ReadOnlySpan<double> thetas, Span<double> logOdds)
    {
        int d = Dimension, n = logOdds.Length;
        if (thetas.Length != n * d)
        {
            throw new ArgumentException($"Expected {n} rows of {d} parameters, got {thetas.Length} numbers.", nameof(thetas));
        }

        double[] z = new double[thetas.Length];
        ScaleTheta(thetas, z);
        for (int from = 0; from < n; from += BlockRows)
        {
            using var scope = new TensorScope();
            using KernelThreads.Share share = KernelThreads.One();
            using Recording.Pause pause = Recording.Off();
            int count = Math.Min(BlockRows, n - from);
            LogOddsScaled(Tensor.From(z.AsSpan(from * d, count * d), new Shape(count, d), _dtype)).ToArray().CopyTo(logOdds[from..]);
        }
    }

    /// <summary>Whether success is probable enough there; false outside the prior's support and for NaN.</summary>
    /// <param name="theta">Shape <c>[d]</c>.</param>
    public bool Contains(ReadOnlySpan<double> theta)
    {
        if (theta.Length != Dimension)
        {
            throw new ArgumentException($"Expected shape [{Dimension}], got [{theta.Length}].", nameof(theta));
        }

        if (!_bijection.Contains(theta))
        {
            return false;
        }

        Span<double> logOdds = stackalloc double[1];
        LogOdds(theta, logOdds);
        return logOdds[0] >= Threshold;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _scale);
        tree.Add("classifier", _network);
        tree.Add("threshold", _threshold);
    }

    internal void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> z)
    {
        _bijection.ToUnconstrained(thetas, z);
        _scale.Apply(z, z);
    }

    /// <summary>Of standardised unconstrained parameters <c>[n, d]</c>; shape <c>[n]</c>.</summary>
    internal Tensor LogOddsScaled(Tensor z) => _network.ForwardColumns(z.Transpose()).Reshape(-1);
}
