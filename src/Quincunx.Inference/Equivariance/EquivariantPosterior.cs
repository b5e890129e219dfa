using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Equivariance;

/// <summary>A posterior of parameters with a pose: a network that reads data at a standard pose, and chains that find the pose.</summary>
/// <remarks>
/// <see cref="Run"/> iterates and says how that went; <see cref="Mixture"/> and <see cref="Joint"/> are densities made of its chains. As an <see cref="IPosteriorEstimator"/>, draws are the last states of as many chains (NaN where there are none), and
/// log-densities are those of the mixture over poses of chains that depend on the observation alone; each observation costs a run.
/// </remarks>
public sealed class EquivariantPosterior : IPosteriorEstimator, IModule
{
    // Chains are cheap beside looking whether few agree.
    private const int FewestChains = 64;
    private readonly SupportBijection _prior;
    private readonly EquivariantOptions _options;
    private readonly NeuralPosterior _conditional, _start;
    private readonly PoseKernel _kernel;
    private readonly LearnedPosedPosterior _posed;

    internal EquivariantPosterior(IPoseGroup group, SupportBijection prior, EquivariantOptions options, PosedRows rows, NeuralPosterior conditional, NeuralPosterior start)
    {
        (Group, _prior, _options, _conditional, _start) = (group, prior, options, conditional, start);
        _kernel = new PoseKernel(group, options.Kernel);
        _posed = new LearnedPosedPosterior(group, rows, conditional, start);
    }

    public IPoseGroup Group { get; }

    /// <inheritdoc/>
    public int Dimension => Group.Dimension;

    /// <summary>Length of an observation.</summary>
    public int Features => Group.Features;

    /// <summary>True: log-densities are those of mixtures of normalised densities.</summary>
    public bool IsNormalised => true;

    /// <summary>How the chains of the last call of <see cref="Sample"/>, <see cref="SampleMany"/> or a log-density went, one an observation.</summary>
    public IReadOnlyList<GibbsResult> Runs { get; private set; } = [];

    /// <summary>Iterates chains until they agree.</summary>
    /// <param name="x">One observation, <c>[k]</c>, finite.</param>
    /// <param name="chains">Each gives one draw.</param>
    /// <param name="rng">Split, not advanced.</param>
    /// <param name="gibbs">In place of those that the posterior was made with.</param>
    /// <exception cref="ArgumentException">The observation is of another length or not finite, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Looked for before each iteration.</exception>
    public GibbsResult Run(ReadOnlySpan<double> x, int chains, Rng rng, GibbsOptions? gibbs = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chains);
        CheckObservation(x);
        GibbsOptions options = gibbs ?? _options.Gibbs;
        options.Check(Group.PoseDimension);
        return PoseGibbs.Run(_posed, _kernel, _prior.Supports, x, chains, options, rng, cancel);
    }

    /// <summary>The density of theta: an equal mixture of q(theta | x, ĝ) over blurred poses of the first chains. It integrates to one over all theta, of which some may lie outside the prior.</summary>
    /// <param name="x">The observation that the run was at.</param>
    /// <param name="run">With at least one chain.</param>
    /// <exception cref="ArgumentException">The observation is of another length or not finite, or the run has no draws.</exception>
    public IPosterior Mixture(ReadOnlySpan<double> x, GibbsResult run)
    {
        CheckObservation(x);
        int chains = CheckRun(run), used = Math.Min(_options.Components, chains);
        return new PoseMixture(_posed, x.ToArray(), [.. run.Poses.Take(used * Group.PoseDimension)], used);
    }

    /// <summary>The density of theta and blurred pose together, <c>[d + p]</c>: q(ĝ | x) q(theta | x, ĝ), to be weighted to <see cref="PosedPrior"/> × <see cref="PosedLikelihood"/>.</summary>
    /// <param name="x">The observation that the run was at.</param>
    /// <param name="run">With at least one chain.</param>
    /// <exception cref="ArgumentException">The observation is of another length or not finite, or the run has no draws.</exception>
    public IPosterior Joint(ReadOnlySpan<double> x, GibbsResult run)
    {
        CheckObservation(x);
        _ = CheckRun(run);
        return new JointPosePosterior(_posed, _kernel, x.ToArray(), [.. run.Thetas]);
    }

    /// <summary>A prior of theta and blurred pose, as <see cref="Joint"/> has them.</summary>
    public PosedPrior WithPose(IDistribution prior) => new(prior, Group, _options.Kernel);

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => SampleMany(x, Rows(thetas.Length, Dimension), thetas, rng);

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int pairs = Rows(xs.Length, Features), size = count * Dimension;
        CheckRows(thetas.Length, Dimension, pairs * count);
        Rng parent = new(rng.NextUInt64());
        List<GibbsResult> runs = [];
        for (int i = 0; i < pairs && count > 0; i++)
        {
            GibbsResult run = Run(xs.Slice(i * Features, Features), Math.Max(count, FewestChains), parent.Split(i));
            Span<double> own = thetas.Slice(i * size, size);
            own.Fill(double.NaN);
            for (int j = 0; j < Math.Min(size, run.Thetas.Count); j++)
            {
                own[j] = run.Thetas[j];
            }

            runs.Add(run);
        }

        Runs = runs;
    }

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        CheckRows(thetas.Length, Dimension, logProbs.Length);
        Runs = [LogProbOf(x, thetas, logProbs)];
    }

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs)
    {
        int pairs = logProbs.Length;
        CheckRows(thetas.Length, Dimension, pairs);
        CheckRows(xs.Length, Features, pairs);
        List<GibbsResult> runs = [];
        for (int i = 0; i < pairs; i++)
        {
            runs.Add(LogProbOf(xs.Slice(i * Features, Features), thetas.Slice(i * Dimension, Dimension), logProbs.Slice(i, 1)));
        }

        Runs = runs;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("conditional", _conditional);
        tree.Add("start", _start);
    }

    internal static int Rows(int length, int width) => length % width == 0
        ? length / width
        : throw new ArgumentException($"Expected whole rows of {width} numbers, got {length} numbers.");

    internal static void CheckRows(int length, int width, int rows)
    {
        if (length != rows * width)
        {
            throw new ArgumentException($"Expected {rows} rows of {width} numbers, got {length} numbers.");
        }
    }

    // From a fixed stream, so that a density is a function of x and theta.
    private GibbsResult LogProbOf(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs)
    {
        GibbsResult run = Run(x, Math.Max(FewestChains, _options.Components), new Rng(0).Split("density"));
        if (run.Poses.Count == 0)
        {
            logProbs.Fill(double.NaN);
            return run;
        }

        Mixture(x, run).LogProb(thetas, logProbs);
        for (int i = 0; i < logProbs.Length; i++)
        {
            // Draws are made again where they fall outside the prior.
            logProbs[i] = Outside(thetas.Slice(i * Dimension, Dimension)) ? double.NegativeInfinity : logProbs[i];
        }

        return run;
    }

    private bool Outside(ReadOnlySpan<double> theta)
    {
        bool outside = false;
        for (int i = 0; i < theta.Length; i++)
        {
            if (double.IsNaN(theta[i]))
            {
                return false;
            }

            outside |= !_prior.Supports[i].Contains(theta[i]);
        }

        return outside;
    }

    private int CheckRun(GibbsResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        int chains = run.Thetas.Count / Dimension;
        return chains > 0 && run.Thetas.Count == chains * Dimension && run.Poses.Count == chains * Group.PoseDimension
            ? chains
            : throw new ArgumentException($"Expected chains of {Dimension} parameters and {Group.PoseDimension} coordinates of a pose, got {run.Thetas.Count} and {run.Poses.Count} numbers.", nameof(run));
    }

    private void CheckObservation(ReadOnlySpan<double> x)
    {
        if (x.Length != Features || x.ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue))
        {
            throw new ArgumentException($"Expected one observation of {Features} finite numbers, got {x.Length}, or some not finite.", nameof(x));
        }
    }
}
