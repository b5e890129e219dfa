using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Npe;

/// <summary>Learns p(theta | x) from pairs drawn from prior and simulator (Papamakarios and Murray 2016, arXiv:1605.06376).</summary>
public static class NeuralPosteriorEstimation
{
    // Of the memory for simulations that do not fit: the sample that scales are found from, which is given back, and rows in float32. The rest is for blocks on their way.
    private const int SamplePart = 8;

    // Enough for directions; what they are exactly is trained.
    private const int ComponentRows = 10_000;
    private static readonly (int Take, int Of) RowsPart = (5, 8);

    /// <summary>
    /// How the defaults of <see cref="NeuralPosteriorOptions"/> train well. The decay matters most: flows of this size learn some thousand simulations by heart within ten epochs, and stopping there leaves them half trained.
    /// </summary>
    public static TrainingOptions DefaultTraining { get; } = new()
    {
        BatchSize = 100,
        LearningRate = 3e-3,
        Schedule = RateSchedule.Cosine,
        MaxEpochs = 100,
        Patience = 100,
        WeightDecay = 1,
        WeightDecayRows = 10_000,
    };

    /// <summary>Trains a new network.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior (or from the prior restricted to a region).</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite (or with gaps, where the options say so): leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state between epochs.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, or a theta lies outside the support.</exception>
    public static NpeResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        NeuralPosteriorOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(options);
        PosteriorCoordinates scales = PosteriorCoordinates.Fit(bijection, thetas, xs, features, options.Missing, options.Observations.ScaleGroups(features));
        var posterior = new NeuralPosterior(bijection, scales.Theta, scales.X, options, rng.Split("weights"));
        StartCompression(posterior, xs, features, options);
        TrainingResult result = Trainer.Run(new NpeTask(posterior, thetas, xs), training, rng.Split("training"), progress, checkpoints, cancel);
        return new NpeResult(posterior, result);
    }

    /// <summary>Trains a new network on simulations that are read from blocks, because they do not all fit in memory.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="pairs">Parameters drawn from the prior (or from the prior restricted to a region), and outputs.</param>
    /// <param name="memory">Bytes that what is kept of the simulations may take; blocks of at most 1/32 of it are mixed well.</param>
    /// <param name="rng">Decides the initial weights, the split and the order of batches; not advanced.</param>
    /// <param name="checkpoints">Where training keeps its state.</param>
    /// <remarks>
    /// One pass over the blocks finds the scales (see <see cref="PairScales"/>), and each epoch is one more. The result is a function of the pairs, the sizes of the blocks,
    /// <paramref name="memory"/>, the options and the seed.
    /// </remarks>
    /// <exception cref="ArgumentException">The pairs are of another shape than the bijection, a theta lies outside the support, or memory holds too few blocks.</exception>
    public static NpeResult Train(
        SupportBijection bijection,
        IPairBlocks pairs,
        long memory,
        NeuralPosteriorOptions options,
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
        if (options.Missing != MissingValues.Refused)
        {
            throw new ArgumentException("Expected a network without gaps: pairs that are read from blocks are finite.", nameof(options));
        }

        var scales = PairScales.Fit(bijection, pairs, memory / SamplePart, rng.Split("sample"), options.Observations.ScaleGroups(pairs.OutputCount), cancel);
        var posterior = new NeuralPosterior(bijection, scales.Theta, scales.X, options, rng.Split("weights"));
        if (options.Compression > 0)
        {
            // Blocks are simulations like any others: the first says what the components are.
            double[] thetas = new double[pairs.Rows[0] * pairs.ParameterCount], xs = new double[pairs.Rows[0] * pairs.OutputCount];
            pairs.Read(0, thetas, xs);
            StartCompression(posterior, xs, pairs.OutputCount, options);
        }

        var rows = ScaledPairs.Streamed(pairs, memory / RowsPart.Of * RowsPart.Take, posterior.ScaleTheta, posterior.Scaling.Apply);
        return new NpeResult(posterior, Trainer.Run(new NpeTask(posterior, rows), training, rng.Split("training"), progress, checkpoints, cancel));
    }

    /// <summary>A network of the same shape, to import stored weights into.</summary>
    public static NeuralPosterior Untrained(SupportBijection bijection, int features, NeuralPosteriorOptions options)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        return new NeuralPosterior(bijection, new Standardise(bijection.Dimension), new FeatureScaling(features), options, new Rng(0));
    }

    private static void StartCompression(NeuralPosterior posterior, ReadOnlySpan<double> xs, int features, NeuralPosteriorOptions options)
    {
        if (options.Compression > 0)
        {
            double[] rows = xs[..(Math.Min(ComponentRows, xs.Length / features) * features)].ToArray();
            posterior.Scaling.Apply(rows, rows);
            posterior.StartCompression(rows, rows);
        }
    }
}
