using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Simulations of a made-up problem with 5 parameters and 8 outputs, and networks for it.</summary>
internal sealed class PosteriorData
{
    public const int Dimension = 5, Features = 8, Simulations = 4000;

    public PosteriorData()
    {
        var rng = new Rng(1);
        Thetas = new double[Simulations * Dimension];
        Xs = new double[Simulations * Features];
        for (int i = 0; i < Simulations; i++)
        {
            Span<double> theta = Thetas.AsSpan(i * Dimension, Dimension);
            for (int j = 0; j < Dimension; j++)
            {
                theta[j] = (2 * rng.NextDouble()) - 1;
            }

            for (int j = 0; j < Features; j++)
            {
                Xs[(i * Features) + j] = theta[j % Dimension] + (0.5 * theta[(j + 2) % Dimension] * theta[(j + 3) % Dimension]) + (0.3 * rng.NextNormal());
            }
        }
    }

    /// <summary>Uniform in [-1, 1], shape <c>[Simulations, Dimension]</c>.</summary>
    public double[] Thetas { get; }

    /// <summary>Shape <c>[Simulations, Features]</c>.</summary>
    public double[] Xs { get; }

    /// <summary>A network that has not been trained: five transforms, conditioners of two blocks of 50.</summary>
    public NeuralPosterior Network(FlowKind kind)
    {
        SupportBijection bijection = Bijection();
        double[] z = new double[Thetas.Length];
        bijection.ToUnconstrained(Thetas, z);
        return new NeuralPosterior(
            bijection, Standardise.Fit(z, Dimension), FeatureScaling.Fit(Xs, Features), new NeuralPosteriorOptions { Flow = new FlowOptions { Kind = kind } }, new Rng(2));
    }

    /// <summary>The task of training it.</summary>
    public NpeTask Task(NeuralPosterior posterior) => new(posterior, Thetas, Xs);

    /// <summary>A network after some hundred steps: one whose splines are no longer the identity.</summary>
    public NeuralPosterior Trained(FlowKind kind, int steps, CancellationToken cancel)
    {
        var training = new TrainingOptions { MaxSteps = steps, ValidationFraction = 0 };
        return NeuralPosteriorEstimation.Train(
            Bijection(), Thetas, Xs, Features, new NeuralPosteriorOptions { Flow = new FlowOptions { Kind = kind } }, training, new Rng(3), cancel: cancel).Posterior;
    }

    /// <summary>Weights that take part in the arithmetic: those of matrices, without the ones that a mask removes.</summary>
    public static long LiveWeights(IModule module)
    {
        var entries = ParameterTree.Of(module).Entries.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        return entries.Where(e => e.Value.IsTrained && e.Value.Shape.Rank == 2)
            .Sum(e => entries.TryGetValue(System.IO.Path.ChangeExtension(e.Key, "mask"), out var mask) ? (long)mask.Value.ToArray().Sum() : e.Value.Count);
    }

    private static SupportBijection Bijection() => new(new Box([-1, -1, -1, -1, -1], [1, 1, 1, 1, 1]));
}
