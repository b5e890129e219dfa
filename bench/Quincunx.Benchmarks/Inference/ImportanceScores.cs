using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Evidence and efficiency of linear Gaussians with trained posteriors as proposals, beside the closed form.</summary>
internal static class ImportanceScores
{
    // What a study draws where it does not say.
    internal const int Draws = 20_000;

    // The page's figures are of 100 epochs, whatever the default comes to be.
    internal static TrainingOptions Training { get; } = NeuralPosteriorEstimation.DefaultTraining with { MaxEpochs = 100, Patience = 100, Threads = 1 };

    /// <param name="args">proposals SIMULATIONS SEEDS OBSERVATIONS D..., or narrow D..., or pilot, or classifier FOLDER SIMULATIONS SEED TASK...</param>
    public static void Print(TextWriter output, string[] args)
    {
        if (args is ["classifier", string folder, string simulations, string seed, .. string[] tasks])
        {
            ClassifierScores.Print(output, folder, int.Parse(simulations, CultureInfo.InvariantCulture), ulong.Parse(seed, CultureInfo.InvariantCulture), tasks);
            return;
        }

        int[] numbers = [.. args[1..].Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        switch (args[0])
        {
            case "proposals" when numbers.Length > 3:
                Proposals(output, numbers[0], numbers[1], numbers[2], numbers[3..]);
                break;
            case "narrow" when numbers.Length > 0:
                NarrowProposals.Print(output, numbers);
                break;
            case "pilot":
                PilotOvershoot.Print(output);
                break;
            default:
                throw new ArgumentException($"Expected 'proposals SIMULATIONS SEEDS OBSERVATIONS D...', 'narrow D...', 'pilot' or 'classifier FOLDER SIMULATIONS SEED TASK...', got '{string.Join(' ', args)}'.", nameof(args));
        }
    }

    private static void Proposals(TextWriter output, int simulations, int seeds, int observations, int[] dimensions)
    {
        output.WriteLine("| d | simulations | proposal | efficiency: median, least | k-hat: median, largest | within 3 sigma | rms of z | bias in nats | runs |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (int d in dimensions)
        {
            var model = new CoupledGaussian(d);
            List<Outcome> plain = [], adapted = [];
            for (int seed = 0; seed < seeds; seed++)
            {
                Rng rng = new Rng((ulong)seed).Split("importance").Split(d);
                (double[] thetas, double[] xs) = model.Simulate(simulations, rng.Split("simulations"));
                NeuralPosterior posterior = NeuralPosteriorEstimation.Train(
                    new SupportBijection(model.Prior), thetas, xs, d, new NeuralPosteriorOptions(), Training, rng.Split("train")).Posterior;
                double[] observed = model.Simulate(observations, rng.Split("observations")).Xs;
                for (int i = 0; i < observations; i++)
                {
                    Reweight(model, posterior, observed.AsSpan(i * d, d).ToArray(), rng.Split("weights").Split(i), plain, adapted);
                }
            }

            Row(output, d, simulations, "the network's draws", plain);
            Row(output, d, simulations, "adapted from them", adapted);
        }
    }

    private static void Reweight(CoupledGaussian model, NeuralPosterior posterior, double[] x, Rng rng, List<Outcome> plain, List<Outcome> adapted)
    {
        // Parameters with normal priors are their own unconstrained coordinates, which is where a study adapts.
        double exact = model.LogEvidence(x);
        ReweightedDraws draws = PosteriorReweighting.ByLikelihood(new ConditionedPosterior(posterior, x), model.Prior, model, x).Draw(Draws, rng.Split("plain"));
        plain.Add(new Outcome(draws.Weights, exact));
        double[] logProposal = new double[Draws];
        posterior.LogProb(x, draws.Thetas, logProposal);
        AdaptiveImportanceResult result = AdaptiveImportance.Run(
            theta => model.Prior.LogProb(theta) + model.LogLikelihood(theta, x), draws.Thetas, logProposal, model.Dimension, rng.Split("adapted"), new AdaptiveImportanceOptions { FinalDraws = Draws, Threads = 1 });
        adapted.Add(new Outcome(result.Weights ?? ImportanceWeights.FromLog([double.NegativeInfinity]), exact));
    }

    private static void Row(TextWriter output, int d, int simulations, string proposal, List<Outcome> outcomes)
    {
        double[] efficiencies = [.. outcomes.Select(o => o.Weights.Efficiency).Order()], ks = [.. outcomes.Select(o => o.Weights.ParetoK).Order()], off = [.. outcomes.Select(o => o.Off)];
        double[] z = [.. outcomes.Select(o => o.Off / o.Weights.LogEvidenceError)];
        double mean = off.Average(), error = Math.Sqrt(off.Sum(v => (v - mean) * (v - mean)) / (off.Length - 1) / off.Length);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {d} | {simulations} | {proposal} | {efficiencies[efficiencies.Length / 2]:F3}, {efficiencies[0]:F3} | {ks[ks.Length / 2]:F2}, {ks[^1]:F2} | {z.Count(v => Math.Abs(v) <= 3)} of {z.Length} | {Math.Sqrt(z.Average(v => v * v)):F2} | {mean:F4} ± {error:F4} | {z.Length} |"));
        output.Flush();
    }

    private sealed record Outcome(ImportanceWeights Weights, double Exact)
    {
        public double Off => Weights.LogEvidence - Exact;
    }
}
