using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nle;

/// <summary>Learns p(x | theta) from simulations (Papamakarios, Sterratt and Murray 2019, arXiv:1805.07226), discrete features and continuous ones together as Boelts et al. 2022 (eLife 11:e77220).</summary>
public static class NeuralLikelihoodEstimation
{
    /// <summary>How the defaults of <see cref="NeuralLikelihoodOptions"/> train well: averaged weights and a little decay, since a density of the data overfits sooner than one of the parameters.</summary>
    public static TrainingOptions DefaultTraining { get; } = new() { LearningRate = 1e-3, AverageDecay = 0.99, WeightDecay = 0.01 };

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
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        int d = bijection.Dimension, n = thetas.Length / d;
        if (thetas.Length != n * d || xs.Length != n * features || n == 0)
        {
            throw new ArgumentException($"Expected as many rows of {d} parameters as of {features} outputs, got {thetas.Length} and {xs.Length} numbers.", nameof(xs));
        }

        CheckFinite(xs, features);

        // The support is the prior's; what networks see may be other coordinates of it.
        double[] z = new double[thetas.Length], noisy = xs.ToArray();
        bijection.ToUnconstrained(thetas, z);
        SupportBijection context = NeuralLikelihood.Context(bijection);
        context.ToUnconstrained(thetas, z);
        var layout = new FeatureLayout(features, options.Checked().Discrete ?? FeatureLayout.Detect(xs, features), options.MostLevels);
        CheckLevels(layout, xs);
        Spread(layout, noisy, rng.Split("noise"));
        FeatureScaling? scaling = layout.Continuous.Length == 0 ? null : FeatureScaling.Fit(layout.ContinuousOf(noisy), layout.Continuous.Length);
        var likelihood = new NeuralLikelihood(context, Standardise.Fit(z, d), scaling, layout, options, rng.Split("weights"));
        var pairs = ScaledPairs.InMemory(thetas, d, noisy, features, likelihood.ScaleTheta, likelihood.ScaleX);
        return new NleResult(likelihood, Trainer.Run(new NleTask(likelihood, pairs), training, rng.Split("training"), progress, checkpoints, cancel));
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

    // Whole numbers that are too many for categories become uniform on the interval about them, so that the density at the number is the probability of it (Uria, Murray, Larochelle 2013, arXiv:1306.0186).
    private static void Spread(FeatureLayout layout, double[] xs, Rng rng)
    {
        foreach (int feature in layout.Spread)
        {
            Rng own = rng.Split(feature);
            for (int i = feature; i < xs.Length; i += layout.Features)
            {
                xs[i] += own.NextDouble() - 0.5;
            }
        }
    }

    private static void CheckFinite(ReadOnlySpan<double> xs, int features)
    {
        for (int i = 0; i < xs.Length; i++)
        {
            if (!double.IsFinite(xs[i]))
            {
                throw new ArgumentException($"Expected finite outputs, got {xs[i]:R} as number {i % features} of row {i / features}.", nameof(xs));
            }
        }
    }

    private static void CheckLevels(FeatureLayout layout, ReadOnlySpan<double> xs)
    {
        double[] categories = new double[layout.Categories.Length];
        for (int i = 0; i < xs.Length / layout.Features; i++)
        {
            if (!layout.TryCategories(xs.Slice(i * layout.Features, layout.Features), categories))
            {
                throw new ArgumentException($"Expected discrete features with the values declared, got others in row {i}: {string.Join(", ", layout.Categories.Select(f => f.ToString()))}.", nameof(xs));
            }
        }
    }
}
