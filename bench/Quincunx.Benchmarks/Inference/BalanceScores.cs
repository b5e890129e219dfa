using System.Globalization;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics;
using Quincunx.Physics.Electroweak;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Expected coverage of plain and of balanced ratio estimation with few simulations, and what the balance costs in information.</summary>
/// <remarks>
/// All priors are uniform, so a highest-density region at x is where the ratio exceeds a number: theta lies in that of level 1 - α where draws of the prior of larger ratio have a share of at most 1 - α, weighted by their ratios
/// (Hermans et al. 2022, arXiv:2110.06581, section 2). Information is the mean log of posterior over prior at the true parameters, normalised over the same draws.
/// </remarks>
internal static class BalanceScores
{
    private const int Levels = 19;

    /// <param name="loss">binary or contrastive-marginal.</param>
    /// <param name="pairs">Held-out pairs for each network.</param>
    /// <param name="seeds">Training sets, 1 to this.</param>
    /// <param name="balances">Weights λ; 0 is the plain loss.</param>
    public static void Print(TextWriter output, RatioLoss loss, int pairs, int seeds, IReadOnlyList<double> balances, IReadOnlyList<int> budgets, IReadOnlyList<string> tasks)
    {
        output.WriteLine("| task | simulations | λ | lowest of empirical - nominal, at | mean of it | coverage of 50 % | 90 % | nats | by seed |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            foreach (int budget in budgets)
            {
                foreach (double balance in balances)
                {
                    List<double> higher = [], nats = [];
                    for (int seed = 1; seed <= seeds; seed++)
                    {
                        nats.Add(Measure(task, budget, new NeuralRatioOptions { Loss = loss, Balance = balance }, pairs, new Rng((ulong)seed), higher));
                    }

                    double[] excess = [.. Enumerable.Range(1, Levels).Select(l => Covered(higher, l / (Levels + 1.0)) - (l / (Levels + 1.0)))];
                    int worst = Array.IndexOf(excess, excess.Min());
                    output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {task} | {budget} | {balance:R} | {excess[worst]:+0.000;-0.000} at {(worst + 1) / (Levels + 1.0):F2} | {excess.Average():+0.000;-0.000} | {Covered(higher, 0.5):F3} | {Covered(higher, 0.9):F3} | {nats.Average():F2} | {string.Join(' ', nats.Select(n => n.ToString("F2", CultureInfo.InvariantCulture)))} |"));
                    output.Flush();
                }
            }
        }
    }

    internal static (ISimulator Model, IDistribution Prior) Problem(string task) => task switch
    {
        "weinberg" => (SimulatorCatalog.Create(task), new IndependentProduct(("sin2_theta_w", new Uniform(0.1, 0.4)))),
        "weinberg-angles" => (new MuonAngles(events: 20), new IndependentProduct(("sin2_theta_w", new Uniform(0.1, 0.4)), ("energy_gev", new Uniform(40, 50)))),
        _ => SbibmProblem.Of(task),
    };

    private static double Covered(List<double> higher, double level) => (double)higher.Count(h => h <= level) / higher.Count;

    // Appends the share of higher density for each pair; returns nats.
    private static double Measure(string task, int budget, NeuralRatioOptions options, int pairs, Rng rng, List<double> higher)
    {
        (ISimulator model, IDistribution prior) = Problem(task);
        int d = prior.Dimension, k = model.OutputNames.Count, draws = d > 2 ? 16_384 : 4_096;
        SimulationPairs training = new SimulationRunner(model).Run(prior, 0, budget, rng.Split("simulations")).Successful();
        SimulationPairs held = new SimulationRunner(model).Run(prior, 0, pairs, rng.Split("held")).Successful();
        NeuralRatio ratio = NeuralRatioEstimation.Train(new SupportBijection(prior), training.Theta, training.X, k, options, NeuralRatioEstimation.DefaultTraining, rng.Split("train")).Ratio;
        double[] thetas = new double[(draws + 1) * d], logs = new double[draws + 1];
        for (int i = 0; i < draws; i++)
        {
            prior.Sample(thetas.AsSpan((i + 1) * d, d), rng.Split("prior").Split(i));
        }

        double sum = 0;
        for (int i = 0; i < held.Count; i++)
        {
            held.Theta.AsSpan(i * d, d).CopyTo(thetas);
            ratio.LogLikelihood(held.X.AsSpan(i * k, k), thetas, logs);
            double own = logs[0], largest = logs.Max(), all = 0, above = 0;
            for (int j = 1; j <= draws; j++)
            {
                double weight = Math.Exp(logs[j] - largest);
                all += weight;
                above += logs[j] > own ? weight : 0;
            }

            higher.Add(above / all);
            sum += own - largest - Math.Log(all / draws);
        }

        return sum / held.Count;
    }
}
