using Quincunx.Inference.Distributions;
using Quincunx.Inference.Embeddings;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Observations with a layout and a posterior that quadrature gives exactly.</summary>
/// <param name="Features">Numbers of an observation.</param>
/// <param name="Embeddings">Networks that know the layout, by name; the MLP beside them is as large as the first.</param>
/// <param name="Grid">Points of the quadrature in each parameter.</param>
internal abstract record LayoutProblem(string Name, Box Prior, int Features, IReadOnlyList<(string Name, EmbeddingOptions Options)> Embeddings, int[] Grid)
{
    public static LayoutProblem Of(string name) => name switch
    {
        "bump" => new Bump(),
        "image" => new Image(),
        "ar1" => new Autoregression(),
        "tone" => new Tone(),
        _ => throw new ArgumentException($"Expected bump, image, ar1 or tone, got '{name}'.", nameof(name)),
    };

    public abstract void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng);

    /// <summary>log p(theta | x) of pairs, by the midpoint rule over the prior's box.</summary>
    public double[] LogPosterior(double[] thetas, double[] xs)
    {
        int d = Prior.Dimension, n = thetas.Length / d;
        double[][] points = Points(), models = [.. points.Select(Model)];
        double logCell = Math.Log(Volume() / points.Length);
        double[] result = new double[n];
        Parallel.For(0, n, i =>
        {
            ReadOnlySpan<double> x = xs.AsSpan(i * Features, Features);
            double largest = double.NegativeInfinity, sum = 0;
            for (int p = 0; p < points.Length; p++)
            {
                double log = LogLikelihood(points[p], models[p], x);
                if (log > largest)
                {
                    (sum, largest) = ((sum * Math.Exp(largest - log)) + 1, log);
                }
                else
                {
                    sum += Math.Exp(log - largest);
                }
            }

            double[] theta = thetas[(i * d)..((i + 1) * d)];
            result[i] = LogLikelihood(theta, Model(theta), x) - (largest + Math.Log(sum) + logCell);
        });
        return result;
    }

    /// <summary>What of the likelihood does not depend on the observation.</summary>
    protected abstract double[] Model(double[] theta);

    protected abstract double LogLikelihood(double[] theta, double[] model, ReadOnlySpan<double> x);

    private double Volume() => Prior.Supports.Aggregate(1.0, (product, ends) => product * (ends.Upper - ends.Lower));

    private double[][] Points()
    {
        var points = new double[Grid.Aggregate(1, (product, count) => product * count)][];
        for (int p = 0; p < points.Length; p++)
        {
            points[p] = new double[Grid.Length];
            for (int j = 0, rest = p; j < Grid.Length; rest /= Grid[j++])
            {
                points[p][j] = Prior.Supports[j].Lower + ((Prior.Supports[j].Upper - Prior.Supports[j].Lower) * ((rest % Grid[j]) + 0.5) / Grid[j]);
            }
        }

        return points;
    }

    /// <summary>Noise of one size around a model of the numbers.</summary>
    private abstract record InNoise(string Name, Box Prior, int Features, IReadOnlyList<(string, EmbeddingOptions)> Embeddings, int[] Grid)
        : LayoutProblem(Name, Prior, Features, Embeddings, Grid)
    {
        private const double Sd = 0.5;

        public override void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            double[] model = Model([.. theta]);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = model[i] + (Sd * rng.NextNormal());
            }
        }

        protected override double LogLikelihood(double[] theta, double[] model, ReadOnlySpan<double> x)
        {
            double squares = 0;
            for (int i = 0; i < x.Length; i++)
            {
                squares += (x[i] - model[i]) * (x[i] - model[i]);
            }

            return -squares / (2 * Sd * Sd);
        }
    }

    /// <summary>A bump of height 1 at an unknown place of [0, 1], of unknown log-width, at 100 times.</summary>
    private sealed record Bump() : InNoise(
        "bump", new Box([0.1, Math.Log(0.02)], [0.9, Math.Log(0.1)]), 100,
        [
            ("convolution", new ConvolutionEmbeddingOptions { Filters = [8, 16, 16], Window = 5, Hidden = [64], Outputs = 8 }),
            ("transformer", new TransformerEmbeddingOptions { Width = 16, Heads = 2, Blocks = 2, Hidden = [32], Outputs = 8 }),
        ],
        [320, 40])
    {
        protected override double[] Model(double[] theta) =>
            [.. Enumerable.Range(0, Features).Select(i => Math.Exp(-0.5 * Math.Pow((((i + 0.5) / Features) - theta[0]) / Math.Exp(theta[1]), 2)))];
    }

    /// <summary>The same in an image of 16 by 16.</summary>
    private sealed record Image() : InNoise(
        "image", new Box([0.2, 0.2, Math.Log(0.06)], [0.8, 0.8, Math.Log(0.2)]), Side * Side,
        [("convolution", new ConvolutionEmbeddingOptions { Grid = [Side, Side], Filters = [8, 16, 16], Hidden = [64], Outputs = 8 })], [36, 36, 16])
    {
        private const int Side = 16;

        protected override double[] Model(double[] theta) =>
            [.. Enumerable.Range(0, Features).Select(i => Math.Exp(-0.5 * (Square(i / Side, theta[0], theta[2]) + Square(i % Side, theta[1], theta[2]))))];

        private static double Square(int place, double centre, double logWidth) => Math.Pow((((place + 0.5) / Side) - centre) / Math.Exp(logWidth), 2);
    }

    /// <summary>x_t = phi x_(t - 1) + sigma e_t of 50 steps, from the stationary law: coefficient and log of the scale.</summary>
    private sealed record Autoregression() : LayoutProblem(
        "ar1", new Box([-0.95, -1], [0.95, 1]), 50,
        [
            ("recurrent", new RecurrentEmbeddingOptions { Width = 32, Hidden = [32], Outputs = 8 }),
            ("transformer", new TransformerEmbeddingOptions { Width = 16, Heads = 2, Blocks = 2, Hidden = [32], Outputs = 8 }),
            ("transformer, places forgotten", new TransformerEmbeddingOptions { Width = 16, Heads = 2, Blocks = 2, KeepsPlaces = false, Hidden = [32], Outputs = 8 }),
            ("convolution", new ConvolutionEmbeddingOptions { Filters = [8, 16], KeepsPlaces = false, Hidden = [32], Outputs = 8 }),
            ("deep-set", new DeepSetEmbeddingOptions { Width = 16, Hidden = [32], Outputs = 8 }),
        ],
        [200, 100])
    {
        public override void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            double sigma = Math.Exp(theta[1]), last = sigma / Math.Sqrt(1 - (theta[0] * theta[0])) * rng.NextNormal();
            for (int t = 0; t < x.Length; t++)
            {
                x[t] = last = t == 0 ? last : (theta[0] * last) + (sigma * rng.NextNormal());
            }
        }

        protected override double[] Model(double[] theta) => [];

        protected override double LogLikelihood(double[] theta, double[] model, ReadOnlySpan<double> x)
        {
            double phi = theta[0], squares = (1 - (phi * phi)) * x[0] * x[0];
            for (int t = 1; t < x.Length; t++)
            {
                squares += (x[t] - (phi * x[t - 1])) * (x[t] - (phi * x[t - 1]));
            }

            return (0.5 * Math.Log(1 - (phi * phi))) - (x.Length * theta[1]) - (squares * Math.Exp(-2 * theta[1]) / 2);
        }
    }

    /// <summary>A sine wave of unknown phase in noise of 1, at 64 times: cycles over all of them, which steps far apart tell together, and log of the amplitude.</summary>
    private sealed record Tone() : LayoutProblem(
        "tone", new Box([1, -0.5], [8, 0.5]), Steps,
        [
            ("recurrent", new RecurrentEmbeddingOptions { Width = 32, Hidden = [32], Outputs = 8 }),
            ("transformer", new TransformerEmbeddingOptions { Width = 16, Heads = 2, Blocks = 2, Hidden = [32], Outputs = 8 }),
            ("transformer, places forgotten", new TransformerEmbeddingOptions { Width = 16, Heads = 2, Blocks = 2, KeepsPlaces = false, Hidden = [32], Outputs = 8 }),
            ("convolution", new ConvolutionEmbeddingOptions { Filters = [8, 16], KeepsPlaces = false, Hidden = [32], Outputs = 8 }),
        ],
        [400, 30])
    {
        private const int Steps = 64, Phases = 32;

        public override void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            double phase = 2 * Math.PI * rng.NextUniform(0, 1), amplitude = Math.Exp(theta[1]);
            for (int t = 0; t < x.Length; t++)
            {
                x[t] = (amplitude * Math.Sin(Angle(theta, t) + phase)) + rng.NextNormal();
            }
        }

        // Sines, cosines, and half the energy of the wave at each phase.
        protected override double[] Model(double[] theta)
        {
            double[] model = new double[(2 * Steps) + Phases];
            for (int t = 0; t < Steps; t++)
            {
                (model[t], model[Steps + t]) = Math.SinCos(Angle(theta, t));
            }

            for (int p = 0; p < Phases; p++)
            {
                for (int t = 0; t < Steps; t++)
                {
                    model[(2 * Steps) + p] += 0.5 * Math.Exp(2 * theta[1]) * Math.Pow(Math.Sin(Angle(theta, t) + PhaseOf(p)), 2);
                }
            }

            return model;
        }

        // The likelihood's mean over phases, by the trapezoidal rule: of a smooth periodic function, in which it converges faster than any power.
        protected override double LogLikelihood(double[] theta, double[] model, ReadOnlySpan<double> x)
        {
            double sine = 0, cosine = 0, amplitude = Math.Exp(theta[1]), largest = double.NegativeInfinity, sum = 0;
            for (int t = 0; t < Steps; t++)
            {
                sine += x[t] * model[t];
                cosine += x[t] * model[Steps + t];
            }

            Span<double> logs = stackalloc double[Phases];
            for (int p = 0; p < Phases; p++)
            {
                (double s, double c) = Math.SinCos(PhaseOf(p));
                logs[p] = (amplitude * ((sine * c) + (cosine * s))) - model[(2 * Steps) + p];
                largest = Math.Max(largest, logs[p]);
            }

            foreach (double log in logs)
            {
                sum += Math.Exp(log - largest);
            }

            return largest + Math.Log(sum / Phases);
        }

        private static double Angle(ReadOnlySpan<double> theta, int t) => 2 * Math.PI * theta[0] * t / Steps;

        private static double PhaseOf(int p) => 2 * Math.PI * p / Phases;
    }
}
