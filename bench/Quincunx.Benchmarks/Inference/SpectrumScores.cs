using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Fresh;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Samplers;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Spectra;

namespace Quincunx.Benchmarks.Inference;

/// <summary>
/// One network for spectra of every noise level, learned from an endless stream with fresh noise, against NUTS on the exact likelihood: importance efficiency and C2ST at three levels.
/// </summary>
internal static class SpectrumScores
{
    private const int Draws = 10_000, Chains = 8;
    private const double Quietest = 0.05, Noisiest = 0.5;
    private static readonly double[] Levels = [0.05, 0.15, 0.5];
    private static readonly Box Prior = new([1000, -0.3, -1, -1, -1, 0], [1400, 0.3, 1, 1, 1, 1]);

    /// <param name="epochs">Of 20,000 events each, of which a twentieth is held out throughout.</param>
    /// <param name="observations">At each level, of parameters from the prior that the network never saw.</param>
    public static void Print(TextWriter output, int epochs, int observations, ulong seed)
    {
        var rng = new Rng(seed);
        var noise = new GaussianNoise(EmissionSpectrum.Bins, new Uniform(Math.Log10(Quietest), Math.Log10(Noisiest)), (context, sigmas) => sigmas.Fill(Math.Pow(10, context[0])));
        var network = new NeuralPosteriorOptions
        {
            Compression = 32,
            ContextFeatures = 1,
            EmbeddingHidden = [128, 128],
            EmbeddingOutputs = 64,
            Flow = new FlowOptions { Transforms = 5, Hidden = 64, Blocks = 2, Bins = 8 },
        };
        TrainingOptions training = FreshPosteriorEstimation.DefaultTraining with { MaxEpochs = epochs, Patience = epochs, ValidationFraction = 0.05, WarmUpSteps = 100 };
        long began = Stopwatch.GetTimestamp();
        FreshResult result = FreshPosteriorEstimation.TrainEndless(
            new CleanSpectrum(), Prior, noise, network, new EndlessOptions(), training, rng.Split("train"), new Told(output, began));
        TrainingResult trained = result.Training!;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Simulations} simulations, {trained.Steps} steps, {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {trained.StopReason}; held-out loss {trained.BestValidationLoss:F3} (training {trained.History[^1].TrainingLoss:F3})"));
        output.WriteLine("| noise | observation | importance efficiency | Pareto k | C2ST | sd over the prior's | R-hat, NUTS | network, s | NUTS, s |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (double level in Levels)
        {
            for (int k = 0; k < observations; k++)
            {
                // The same parameters at each level.
                Rng own = rng.Split("observation").Split(k);
                double[] theta = new double[EmissionSpectrum.Parameters], x = new double[EmissionSpectrum.Bins + 1];
                Prior.Sample(theta, own);
                new CleanSpectrum().Simulate(theta, x.AsSpan(0, EmissionSpectrum.Bins), own);
                x[^1] = Math.Log10(level);
                noise.Observe(x[..^1], x.AsSpan(EmissionSpectrum.Bins), x.AsSpan(0, EmissionSpectrum.Bins), own);
                Row(output, result.Posterior!, level, k, theta, x, own);
            }
        }
    }

    private static void Row(TextWriter output, NeuralPosterior posterior, double level, int k, double[] theta, double[] x, Rng rng)
    {
        int d = theta.Length;
        long began = Stopwatch.GetTimestamp();
        double[] draws = new double[Draws * d];
        posterior.Sample(x, draws, rng.Split("draws"));
        ReweightedDraws weighted = PosteriorReweighting.ByLikelihood(new ConditionedPosterior(posterior, x), Prior, new EmissionSpectrum(level), x.AsSpan(0, EmissionSpectrum.Bins)).Draw(10 * Draws, rng.Split("weights"));
        double amortised = Stopwatch.GetElapsedTime(began).TotalSeconds;
        began = Stopwatch.GetTimestamp();
        (double[] reference, double rHat) = Exact(level, theta, x, rng.Split("nuts"));
        double chains = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double accuracy = C2st.Run(reference, draws, d, new Rng(1)).Accuracy;
        IEnumerable<string> widths = Enumerable.Range(0, d).Select(j =>
        {
            double mean = Enumerable.Range(0, Draws).Average(i => reference[(i * d) + j]);
            double sd = Math.Sqrt(Enumerable.Range(0, Draws).Average(i => Math.Pow(reference[(i * d) + j] - mean, 2)));
            return (sd * Math.Sqrt(12) / (Prior.Supports[j].Upper - Prior.Supports[j].Lower)).ToString("F2", CultureInfo.InvariantCulture);
        });
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {level} | {k} | {weighted.Weights.Efficiency:F3} | {weighted.Weights.ParetoK:F2} | {accuracy:F3} | {string.Join(' ', widths)} | {rHat:F3} | {amortised:F1} | {chains:F1} |"));
        output.Flush();
    }

    // Chains start at the truth, which for a likelihood of one narrow mode is the best place; R-hat would tell of more.
    private static (double[] Draws, double RHat) Exact(double level, double[] theta, double[] x, Rng rng)
    {
        int d = theta.Length;
        var bijection = new SupportBijection(Prior);
        var target = new UnconstrainedGradientTarget(
            new GradientFunctionTarget(d, (at, gradient) =>
            {
                Span<double> flux = stackalloc double[EmissionSpectrum.Bins], slopes = stackalloc double[EmissionSpectrum.Bins * EmissionSpectrum.Parameters];
                EmissionSpectrum.Flux(at, flux, slopes);
                double sum = 0;
                gradient.Clear();
                for (int i = 0; i < flux.Length; i++)
                {
                    double pull = (x[i] - flux[i]) / (level * level);
                    sum -= 0.5 * pull * (x[i] - flux[i]);
                    for (int j = 0; j < d; j++)
                    {
                        gradient[j] += pull * slopes[(j * flux.Length) + i];
                    }
                }

                return sum;
            }),
            bijection);
        double[] start = new double[Chains * d];
        for (int c = 0; c < Chains; c++)
        {
            bijection.ToUnconstrained(theta, start.AsSpan(c * d, d));
        }

        ChainResult result = Nuts.Run(target, start, rng, new NutsOptions { Draws = Draws / Chains, Warmup = 400, Metric = MetricKind.Dense }).ToConstrained(bijection);
        return (result.Points.ToArray(), result.Coordinates.Max(c => c.RHat));
    }

    private sealed class Told(TextWriter output, long began) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if ((value.Latest.Epoch + 1) % 10 == 0)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {value.Latest.Epoch + 1} of {value.MaxEpochs}: loss {value.Latest.TrainingLoss:F3}, held out {value.Latest.ValidationLoss:F3}, {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s"));
                output.Flush();
            }
        }
    }
}
