using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Pilots;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Spectra;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Spectra of every noise level: prior, noise, pilot and networks.</summary>
internal static class SpectrumSetting
{
    private const int ComponentRows = 4000, Components = 16;
    private const double Quietest = 0.05, Noisiest = 0.5;

    public static Box Prior { get; } = new([1000, -0.3, -1, -1, -1, 0], [1400, 0.3, 1, 1, 1, 1]);

    public static GaussianNoise Noise { get; } = new(EmissionSpectrum.Bins, new Uniform(Math.Log10(Quietest), Math.Log10(Noisiest)), Levels);

    /// <summary>Of the network that reads bins.</summary>
    public static NeuralPosteriorOptions Plain { get; } = new()
    {
        Compression = 32,
        ContextFeatures = 1,
        Embedding = new MlpEmbeddingOptions { Hidden = [128, 128], Outputs = 64 },
        Flow = new FlowOptions { Transforms = 5, Hidden = 64, Blocks = 2, Bins = 8 },
    };

    /// <summary>Of the network that corrects a pilot.</summary>
    public static NeuralPosteriorOptions Corrector { get; } = new()
    {
        Embedding = new MlpEmbeddingOptions { Hidden = [128, 128], Outputs = 64 },
        Flow = new FlowOptions { Transforms = 4, Hidden = 64, Blocks = 2, Bins = 8, Bound = 6, Activation = Activation.Silu },
    };

    /// <summary>The weighted least-squares fit, with what it leaves along the principal components of clean spectra.</summary>
    public static LeastSquaresPilot Pilot() => new(Prior, EmissionSpectrum.Flux, EmissionSpectrum.Bins, 1, Levels, PrincipalComponents());

    /// <param name="epochs">Of 20,000 events each, of which a twentieth is held out throughout.</param>
    public static TrainingOptions Training(int epochs) => FreshPosteriorEstimation.DefaultTraining with
    {
        MaxEpochs = epochs,
        Patience = epochs,
        ValidationFraction = 0.05,
        WarmUpSteps = 100,
        AverageDecay = 0.998,
        Threads = 1,
        Chunks = 1,
    };

    /// <summary>An observation with its noise level, of parameters that are the same at each level.</summary>
    public static (double[] Theta, double[] X) Observe(double level, Rng rng)
    {
        double[] theta = new double[EmissionSpectrum.Parameters], x = new double[EmissionSpectrum.Bins + 1];
        Prior.Sample(theta, rng);
        new CleanSpectrum().Simulate(theta, x.AsSpan(0, EmissionSpectrum.Bins), rng);
        x[^1] = Math.Log10(level);
        Noise.Observe(x[..^1], x.AsSpan(EmissionSpectrum.Bins), x.AsSpan(0, EmissionSpectrum.Bins), rng);
        return (theta, x);
    }

    private static void Levels(ReadOnlySpan<double> context, Span<double> sigmas) => sigmas.Fill(Math.Pow(10, context[0]));

    private static double[] PrincipalComponents()
    {
        using var scope = new TensorScope();
        double[] theta = new double[EmissionSpectrum.Parameters], clean = new double[ComponentRows * EmissionSpectrum.Bins];
        for (int i = 0; i < ComponentRows; i++)
        {
            Prior.Sample(theta, new Rng(0).Split(i));
            EmissionSpectrum.Flux<double>(theta, clean.AsSpan(i * EmissionSpectrum.Bins, EmissionSpectrum.Bins));
        }

        Tensor rows = Tensor.From(clean, new Shape(ComponentRows, EmissionSpectrum.Bins), DType.Float64);
        rows -= rows.Mean(0);
        (_, Tensor vectors) = Tensor.SymmetricEigen(Tensor.MatMul(rows, rows, transposeA: true));
        return vectors.Slice(1, EmissionSpectrum.Bins - Components).Transpose().ToArray();
    }
}
