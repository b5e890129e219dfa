using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Benchmarks;

/// <summary>The figure of merit of Brehmer, Louppe, Pavez and Cranmer 2018 (arXiv:1805.12244): how well a likelihood ratio of the generalized Galton board is learned from few runs, with and without mined gold.</summary>
/// <remarks>
/// The error is Σₓ p(x | θ₁) (log r̂ − log r)² of r = p(x | θ₀) / p(x | θ₁) at θ₀ = −0.8 and θ₁ = −0.6. All methods learn from the same events, half drawn at thetas from Uniform(−1, −0.4) and half at θ₁, and have the library's default settings, except that the bins are learned as a continuous density.
/// </remarks>
/// <param name="simulator">Of one parameter and one output.</param>
/// <param name="exact">Its likelihood.</param>
/// <param name="bins">Every x there can be.</param>
internal sealed class GaltonBench(IMinedSimulator simulator, ILikelihood exact, IReadOnlyList<double> bins, TimeProvider clock)
{
    private const double Numerator = -0.8, Reference = -0.6, Least = -1, Most = -0.4;

    /// <summary>Names of the methods, as the paper has them.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["LRT", "NDE", "ROLR", "CASCAL", "RASCAL", "ALICE", "ALICES", "SCANDAL"];

    /// <summary>The error of log r = 0 for every x.</summary>
    public double Blind => Error([.. bins.Select(_ => 0.0)]);

    /// <summary>Simulates, trains and compares with the exact ratio.</summary>
    /// <param name="runs">Events.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public GaltonRow Run(string method, int runs, ulong seed, CancellationToken cancel)
    {
        // Seeds and budgets have events of their own; methods share them.
        Rng rng = new Rng(seed).Split(runs);
        long start = clock.GetTimestamp();
        var prior = new Uniform(Least, Most);
        var simulations = MinedSimulations.Against(simulator, prior.Sample, [Reference], runs, rng.Split("events"), cancel);
        var bijection = new SupportBijection(prior);
        Rng training = rng.Split("training");

        // As continuous numbers, which neighbouring bins are alike in, rather than as categories that each event teaches one of.
        var density = new NeuralLikelihoodOptions { MostLevels = 1 };
        (ILikelihoodEstimator learned, StopReason stop) = method switch
        {
            "NDE" => Density(NeuralLikelihoodEstimation.Train(
                bijection, simulations.Thetas, simulations.Xs, 1, density, GoldLikelihoodEstimation.DefaultTraining, training, cancel: cancel)),
            "SCANDAL" => Density(GoldLikelihoodEstimation.Train(
                bijection, simulations, 1, density, scoreWeight: 1, GoldLikelihoodEstimation.DefaultTraining, training, cancel: cancel)),
            _ => Ratio(bijection, simulations, LossOf(method), training, cancel),
        };
        if (stop == StopReason.Cancelled)
        {
            throw new OperationCanceledException(cancel);
        }

        double[] logs = [.. bins.Select(x => LogRatio(learned, x))];
        return new GaltonRow(method, runs, seed, Error(logs), clock.GetElapsedTime(start).TotalSeconds);

        static (ILikelihoodEstimator Learned, StopReason Stop) Density(NleResult result) => (result.Likelihood, result.Training.StopReason);
    }

    private static (ILikelihoodEstimator Learned, StopReason Stop) Ratio(SupportBijection bijection, MinedSimulations simulations, GoldLoss loss, Rng rng, CancellationToken cancel)
    {
        var result = GoldRatioEstimation.Train(bijection, simulations, 1, new GoldRatioOptions { Loss = loss }, GoldRatioEstimation.DefaultTraining, rng, cancel: cancel);
        return (result.Ratio, result.Training.StopReason);
    }

    private static GoldLoss LossOf(string method) => method == "LRT" ? GoldLoss.Carl : Enum.Parse<GoldLoss>(method, ignoreCase: true);

    private static double LogRatio(ILikelihoodEstimator learned, double x)
    {
        Span<double> logs = stackalloc double[2];
        learned.LogLikelihood([x], [Numerator, Reference], logs);
        return logs[0] - logs[1];
    }

    private double Error(double[] logs)
    {
        double sum = 0;
        for (int i = 0; i < logs.Length; i++)
        {
            double at = exact.LogLikelihood([Reference], [bins[i]]), error = logs[i] - (exact.LogLikelihood([Numerator], [bins[i]]) - at);
            sum += Math.Exp(at) * error * error;
        }

        return sum;
    }
}
