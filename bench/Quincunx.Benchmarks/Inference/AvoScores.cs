using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Adversarial;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Electroweak;
using Quincunx.Physics.Toys;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Adversarial variational optimisation on the problems of its paper, over seeds: whether the truth lies within two deviations of the final proposal.</summary>
internal sealed class AvoScores(TextWriter output, int observations, int first, AvoOptions options)
{
    private static readonly (string Name, ISimulator Simulator, IDistribution Prior, double[] Truth)[] Problems =
    [
        ("poisson", new PoissonCounts(), new LogNormal(Math.Log(5), 1), [7]),
        ("weinberg", new MuonAngles(events: 1), new Box([0.1, 40], [0.4, 75]), [0.2315, 57]),
        ("weinberg-mass", new MuonAngleAndMass(), new Box([0.1, 40], [0.4, 75]), [0.2315, 57]),
        ("mixture", new ProjectedMixture(), new IndependentProduct(("alpha", new Normal(0, 1)), ("beta", new Normal(0, 1))), [1, -1]),
    ];

    /// <param name="arguments">Seeds; then names of problems, none for all; then settings as name=number.</param>
    public static void Print(TextWriter output, string[] arguments)
    {
        var options = new AvoOptions();
        int observations = 10_000, first = 1;
        foreach (string[] setting in arguments[1..].Where(a => a.Contains('=', StringComparison.Ordinal)).Select(a => a.Split('=')))
        {
            double value = double.Parse(setting[1], CultureInfo.InvariantCulture);
            (options, observations, first) = setting[0] switch
            {
                "first" => (options, observations, (int)value),
                "observations" => (options, (int)value, first),
                "reward" => (options with { EntropyReward = value }, observations, first),
                "gamma" => (options with { EntropyPenalty = value }, observations, first),
                "centre" => (options with { SlopeCentre = value }, observations, first),
                "penalty" => (options with { GradientPenalty = value }, observations, first),
                "critic-steps" => (options with { CriticSteps = (int)value }, observations, first),
                "critic-rate" => (options with { CriticRate = value }, observations, first),
                "rate" => (options with { ProposalRate = value }, observations, first),
                "simulations" => (options with { SimulationsPerStep = (int)value }, observations, first),
                "batch" => (options with { BatchSize = (int)value }, observations, first),
                "steps" => (options with { MaxSteps = (int)value }, observations, first),
                "window" => (options with { Window = (int)value }, observations, first),
                "width" => (options with { Hidden = [(int)value, (int)value] }, observations, first),
                _ => throw new ArgumentException($"Unknown setting '{setting[0]}'.", nameof(arguments)),
            };
        }

        string[] names = [.. arguments[1..].Where(a => !a.Contains('=', StringComparison.Ordinal))];
        new AvoScores(output, observations, first, options).Run(int.Parse(arguments[0], CultureInfo.InvariantCulture), names);
    }

    private void Run(int seeds, string[] names)
    {
        output.WriteLine("| problem | seed | end | simulations | failed | seconds | point | 2 deviations below and above | deviations to the truth | Mahalanobis | wander / deviation |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, ISimulator simulator, IDistribution prior, double[] truth) in Problems.Where(p => names.Length == 0 || names.Contains(p.Name, StringComparer.Ordinal)))
        {
            int within = 0, inEllipse = 0;
            for (int seed = first; seed < first + seeds; seed++)
            {
                (bool each, bool ellipse) = One(name, simulator, prior, truth, seed);
                within += each ? 1 : 0;
                inEllipse += ellipse ? 1 : 0;
            }

            output.WriteLine($"{name}: each parameter within 2 deviations in {within} of {seeds}, Mahalanobis distance below 2 in {inEllipse} of {seeds}");
        }
    }

    private (bool Each, bool Ellipse) One(string name, ISimulator simulator, IDistribution prior, double[] truth, int seed)
    {
        Rng rng = new Rng((ulong)seed).Split(name);
        int k = simulator.OutputNames.Count;
        double[] observed = new double[observations * k];
        for (int i = 0; i < observations; i++)
        {
            simulator.Simulate(truth, observed.AsSpan(i * k, k), rng.Split("observed").Split(i));
        }

        var start = GaussianProposal.Around(prior, ProposalShape.Full, rng.Split("start"));
        long began = Stopwatch.GetTimestamp();
        AvoResult result = AdversarialVariationalOptimization.Run(simulator, observed, start, options, rng.Split("run"));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds, distance = result.Proposal.Distance(truth);
        double[] point = result.Proposal.Point(), deviations = result.Proposal.DeviationsTo(truth), spread = result.Proposal.Deviations();
        IEnumerable<string> intervals = Enumerable.Range(0, truth.Length).Select(i => result.Proposal.Interval(i, 2)).Select(pair => $"{Text(pair.Lower)} to {Text(pair.Upper)}");
        string wander = string.Join(", ", result.Wander.Select((w, i) => Text(w / spread[i])));
        output.WriteLine(
            $"| {name} | {seed} | {result.StopReason} | {result.Simulations} | {result.Failed} | {Text(seconds)} | {string.Join(", ", point.Select(Text))} | {string.Join("; ", intervals)} | {string.Join(", ", deviations.Select(Text))} | {Text(distance)} | {wander} |");
        return (deviations.All(v => Math.Abs(v) <= 2), distance <= 2);
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
