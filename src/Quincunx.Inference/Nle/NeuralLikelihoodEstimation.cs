using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nle;

/// <summary>Learns p(x | theta) from simulations (Papamakarios, Sterratt and Murray 2019, arXiv:1805.07226), discrete features and continuous ones together as Boelts et al. 2022 (eLife 11:e77220).</summary>
public static class NeuralLikelihoodEstimation
{
    // Of the memory for simulations that do not fit: the sample that scales are found from, which is given back, and rows in float32. The rest is for blocks on their way.
    private const int SamplePart = 8;
    private static readonly (int Take, int Of) RowsPart = (5, 8);

    /// <summary>How the defaults of <see cref="NeuralLikelihoodOptions"/> train well: averaged weights at a low rate. Faster training with weight decay is as good in one round and worse over several.</summary>
    public static TrainingOptions DefaultTraining { get; } = new() { AverageDecay = 0.99 };

    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the support of the parameters.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, from any distribution that covers where the likelihood will be asked.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite. Leaving failed simulations out makes it the likelihood of those that succeed.</param>
    /// <param name="rng">Decides the noise on whole numbers, the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or a declared discrete feature has other values.</exception>
    public static NleResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        NeuralLikelihoodOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        int d = bijection.Dimension;
        _ = PairRows.Count(d, thetas, features, xs);
        PairRows.CheckFinite(xs, features, nameof(xs));
        (NeuralLikelihood likelihood, double[] noisy) = Prepare(bijection, thetas, xs, features, options, rng);
        var pairs = ScaledPairs.InMemory(thetas, d, noisy, features, likelihood.ScaleTheta, likelihood.ScaleX);
        return new NleResult(likelihood, Trainer.Run(new NleTask(likelihood, pairs), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>Trains a new network on simulations that are read from blocks, because they do not all fit in memory.</summary>
    /// <param name="bijection">Of the support of the parameters.</param>
    /// <param name="memory">Bytes that what is kept of the simulations may take; blocks of at most 1/32 of it are mixed well.</param>
    /// <param name="rng">Decides the noise on whole numbers, the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state.</param>
    /// <remarks>One pass over the blocks finds discrete features, unless they are declared, one finds the scales (see <see cref="PairScales"/>), and each epoch is one more.</remarks>
    /// <exception cref="ArgumentException">The pairs are of another shape than the bijection, a theta lies outside the support, a declared discrete feature has other values, or memory holds too few blocks.</exception>
    public static NleResult Train(
        SupportBijection bijection,
        IPairBlocks pairs,
        long memory,
        NeuralLikelihoodOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memory);
        if (pairs.ParameterCount != bijection.Dimension)
        {
            throw new ArgumentException($"Expected pairs of {bijection.Dimension} parameters, got {pairs.ParameterCount}.", nameof(pairs));
        }

        var layout = new FeatureLayout(pairs.OutputCount, options.Checked().Discrete ?? Detect(pairs, cancel), options.MostLevels);
        SupportBijection context = NeuralLikelihood.Context(bijection);
        bool hasContinuous = layout.Continuous.Length > 0;
        LikelihoodBlocks all = new(pairs, bijection, layout, rng.Split("noise"), continuousOnly: false), continuous = new(pairs, bijection, layout, rng.Split("noise"), hasContinuous);
        var scales = PairScales.Fit(context, continuous, memory / SamplePart, rng.Split("sample"), cancel: cancel);
        var likelihood = new NeuralLikelihood(context, scales.Theta, hasContinuous ? scales.X : null, layout, options, rng.Split("weights"));
        var rows = ScaledPairs.Streamed(all, memory / RowsPart.Of * RowsPart.Take, likelihood.ScaleTheta, likelihood.ScaleX);
        return new NleResult(likelihood, Trainer.Run(new NleTask(likelihood, rows), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    /// <param name="options">With <see cref="NeuralLikelihoodOptions.Discrete"/> as the trained network has it; none if null.</param>
    public static NeuralLikelihood Untrained(SupportBijection bijection, int features, NeuralLikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        var layout = new FeatureLayout(features, options.Checked().Discrete ?? [], options.MostLevels);
        FeatureScaling? scaling = layout.Continuous.Length == 0 ? null : new FeatureScaling(layout.Continuous.Length);
        return new NeuralLikelihood(NeuralLikelihood.Context(bijection), new Standardise(bijection.Dimension), scaling, layout, options, new Rng(0));
    }

    /// <summary>A network with its first weights, scaled for these simulations, and their outputs with noise on whole numbers that are too many to be categories.</summary>
    internal static (NeuralLikelihood Likelihood, double[] Noisy) Prepare(
        SupportBijection bijection, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, int features, NeuralLikelihoodOptions options, Rng rng)
    {
        // The support is the prior's; what networks see may be other coordinates of it.
        double[] z = new double[thetas.Length], noisy = xs.ToArray();
        bijection.ToUnconstrained(thetas, z);
        SupportBijection context = NeuralLikelihood.Context(bijection);
        context.ToUnconstrained(thetas, z);
        var detection = new FeatureDetection(features);
        detection.Add(xs);
        var layout = new FeatureLayout(features, options.Checked().Discrete ?? detection.Found(), options.MostLevels);
        layout.CheckLevels(xs);
        layout.AddNoise(noisy, rng.Split("noise"));
        FeatureScaling? scaling = layout.Continuous.Length == 0 ? null : FeatureScaling.Fit(layout.ContinuousOf(noisy), layout.Continuous.Length);
        return (new NeuralLikelihood(context, Standardise.Fit(z, bijection.Dimension), scaling, layout, options, rng.Split("weights")), noisy);
    }

    private static List<DiscreteFeature> Detect(IPairBlocks pairs, CancellationToken cancel)
    {
        var detection = new FeatureDetection(pairs.OutputCount);
        int longest = pairs.Rows.DefaultIfEmpty().Max();
        double[] theta = new double[longest * pairs.ParameterCount], x = new double[longest * pairs.OutputCount];
        for (int block = 0; block < pairs.Rows.Count; block++)
        {
            cancel.ThrowIfCancellationRequested();
            int rows = pairs.Rows[block];
            Span<double> own = x.AsSpan(0, rows * pairs.OutputCount);
            pairs.Read(block, theta.AsSpan(0, rows * pairs.ParameterCount), own);
            detection.Add(own);
        }

        return detection.Found();
    }
}
