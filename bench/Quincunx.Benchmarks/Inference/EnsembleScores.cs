using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What an ensemble of ten costs beside one network, and what it covers.</summary>
internal static class EnsembleScores
{
    private const int Members = 10, Observations = 200;
    private static readonly TrainingOptions Alone = NeuralPosteriorEstimation.DefaultTraining;

    /// <summary>Seconds of one network as it is trained by default, of the same on one thread, and of ensembles; all in turn, so that a machine busy with other work is so for each.</summary>
    /// <param name="rounds">Of which medians are taken; a short one before them, which compiles, does not count.</param>
    public static void PrintTimes(TextWriter output, string task, int simulations, int rounds)
    {
        (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
        SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, simulations, new Rng(1)).Successful();
        var bijection = new SupportBijection(prior);
        TrainingOptions together = EnsembleEstimation.DefaultTraining(pairs.Count);
        (string Name, Func<int?, long> Run)[] runs =
        [
            ("one network", epochs => One(Alone, epochs)),
            ("one network, one thread", epochs => One(Alone with { Threads = 1, Chunks = 1 }, epochs)),
            ("one network, as members are", epochs => One(together, epochs)),
            ("ten, reseeded", epochs => Ten(EnsembleVariety.Reseeded, batched: false, epochs)),
            ("ten, bootstrapped", epochs => Ten(EnsembleVariety.Bootstrapped, batched: false, epochs)),
            ("ten, reseeded, batched", epochs => Ten(EnsembleVariety.Reseeded, batched: true, epochs)),
            ("ten, bootstrapped, batched", epochs => Ten(EnsembleVariety.Bootstrapped, batched: true, epochs)),
        ];
        double[][] wall = [.. runs.Select(_ => new double[rounds])], processor = [.. runs.Select(_ => new double[rounds])];
        long[] steps = new long[runs.Length];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < runs.Length; i++)
            {
                TimeSpan used = Environment.CpuUsage.TotalTime;
                long began = Stopwatch.GetTimestamp();
                steps[i] = runs[i].Run(round < 0 ? 5 : null);
                if (round >= 0)
                {
                    (wall[i][round], processor[i][round]) = (Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{task}, {simulations} simulations, {Environment.ProcessorCount} threads, medians of {rounds} rounds"));
        output.WriteLine("| training | steps | wall, seconds | over one | fastest round over fastest of one | processor, seconds | over one |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        for (int i = 0; i < runs.Length; i++)
        {
            double[] ratios = [.. wall[i].Select((w, r) => w / wall[0][r])], work = [.. processor[i].Select((w, r) => w / processor[0][r])];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {runs[i].Name} | {steps[i]} | {Timing.Median(wall[i]):F2} | {Timing.Median(ratios):F2} | {wall[i].Min() / wall[0].Min():F2} | {Timing.Median(processor[i]):F2} | {Timing.Median(work):F2} |"));
        }

        long One(TrainingOptions how, int? epochs) =>
            NeuralPosteriorEstimation.Train(bijection, pairs.Theta, pairs.X, model.OutputNames.Count, new NeuralPosteriorOptions(), Cut(how, epochs), new Rng(2)).Training.Steps;

        long Ten(EnsembleVariety variety, bool batched, int? epochs) => EnsembleEstimation.Train(
            bijection, pairs.Theta, pairs.X, model.OutputNames.Count, new EnsembleOptions { Members = Members, Variety = variety, Batched = batched }, Cut(together, epochs), new Rng(2)).Members.Sum(m => m.Training.Steps);

        static TrainingOptions Cut(TrainingOptions how, int? epochs) => how with { MaxEpochs = epochs ?? how.MaxEpochs };
    }

    /// <summary>Microseconds of a member's step on one thread by rows of a batch, and of one network's on two: what the members of one step could share is the part that does not grow with rows.</summary>
    public static void PrintSteps(TextWriter output, string task)
    {
        const int Rounds = 2000, Simulations = 1024;
        (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
        SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, Simulations, new Rng(1)).Successful();
        NeuralPosterior posterior = NeuralPosteriorEstimation.Train(
            new SupportBijection(prior), pairs.Theta, pairs.X, model.OutputNames.Count, new NeuralPosteriorOptions(), Alone with { MaxEpochs = 1 }, new Rng(2)).Posterior;
        output.WriteLine("| rows | threads | step, microseconds |");
        output.WriteLine("| --- | --- | --- |");
        foreach ((int rows, int threads) in ((int, int)[])[(16, 1), (32, 1), (48, 1), (64, 1), (96, 1), (128, 1), (256, 1), (512, 1), (100, 1), (100, 2)])
        {
            using var step = new TrainingStep(new NpeTask(posterior, pairs.Theta, pairs.X), new TrainingOptions { Threads = threads, Chunks = threads });
            int[] own = [.. Enumerable.Range(0, rows)];
            double[] times = new double[Rounds];
            for (int round = -500; round < Rounds; round++)
            {
                long began = Stopwatch.GetTimestamp();
                step.Run(own, new Rng(3), 1e-9);
                times[Math.Max(0, round)] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rows} | {threads} | {Timing.Median(times):F1} |"));
            output.Flush();
        }
    }

    /// <summary>Expected coverage and held-out log-density over 200 observations of one network and of ensembles, each for a number of training sets.</summary>
    public static void PrintCoverage(TextWriter output, int simulations, int seeds, IReadOnlyList<string> tasks)
    {
        output.WriteLine("| task | posterior | coverage of 50 % regions | 90 % | 95 % | signed area | mean log q of the truth | 90 % intervals, each parameter |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
            int k = model.OutputNames.Count;
            string[] names = ["one network", "ten, reseeded", "ten, bootstrapped"];
            List<double>[] higher = [.. names.Select(_ => new List<double>())], logs = [.. names.Select(_ => new List<double>())], inside = [.. names.Select(_ => new List<double>())];
            for (int seed = 1; seed <= seeds; seed++)
            {
                var rng = new Rng((ulong)seed);
                SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, simulations, rng.Split("simulations")).Successful();
                SimulationPairs held = new SimulationRunner(model).Run(prior, 0, Observations, rng.Split("held")).Successful();
                var bijection = new SupportBijection(prior);
                IPosteriorEstimator[] posteriors =
                [
                    NeuralPosteriorEstimation.Train(bijection, pairs.Theta, pairs.X, k, new NeuralPosteriorOptions(), Alone, rng.Split("train")).Posterior,
                    .. new[] { EnsembleVariety.Reseeded, EnsembleVariety.Bootstrapped }.Select(variety => EnsembleEstimation.Train(
                        bijection, pairs.Theta, pairs.X, k, new EnsembleOptions { Members = Members, Variety = variety }, EnsembleEstimation.DefaultTraining(pairs.Count), rng.Split("train")).Posterior),
                ];
                for (int i = 0; i < posteriors.Length; i++)
                {
                    SbcResult calibration = SimulationBasedCalibration.Run(posteriors[i], held.Theta, held.X, rng.Split("draws"), new SbcOptions { Draws = 499 });
                    higher[i].AddRange(calibration.Density.Uniforms.Select(u => 1 - u));
                    inside[i].AddRange(calibration.Quantities.Take(prior.Dimension).SelectMany(q => q.Uniforms.Select(u => Math.Abs(u - 0.5) <= 0.45 ? 1.0 : 0.0)));
                    double[] own = new double[held.Count];
                    posteriors[i].LogProbPairs(held.Theta, held.X, own);
                    logs[i].AddRange(own);
                }
            }

            for (int i = 0; i < names.Length; i++)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {task} | {names[i]} | {Covered(higher[i], 0.5):F3} | {Covered(higher[i], 0.9):F3} | {Covered(higher[i], 0.95):F3} | {0.5 - higher[i].Average():+0.000;-0.000} | {logs[i].Average():F3} | {inside[i].Average():F3} |"));
            }

            output.Flush();
        }
    }

    /// <summary>How far ten reseeded networks agree on means and on ends of 95 % intervals, over 200 observations for each training set; and what the intervals cover where they do not, and elsewhere.</summary>
    public static void PrintAgreement(TextWriter output, int simulations, int seeds, IReadOnlyList<string> tasks)
    {
        const double Level = 0.95;
        (string Name, double Large, Func<EnsembleInterval, double> Of)[] measures =
        [
            ("means, over the standard deviation", 0.5, i => i.MeanSpread / i.StandardDeviation),
            ("ends, over the interval's length", 0.25, i => Math.Max(i.LowerSpread, i.UpperSpread) / (i.Upper - i.Lower)),
        ];
        output.WriteLine("| task | simulations | spread of | median | 90 % of observations below | observations above the limit | one network's 95 % intervals, parameters above | elsewhere | the mixture's, parameters above | elsewhere |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string task in tasks)
        {
            (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
            int d = prior.Dimension, k = model.OutputNames.Count;
            List<(EnsembleInterval Interval, bool One, bool Mixture)> seen = [];
            for (int seed = 1; seed <= seeds; seed++)
            {
                var rng = new Rng((ulong)seed);
                SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, simulations, rng.Split("simulations")).Successful();
                SimulationPairs held = new SimulationRunner(model).Run(prior, 0, Observations, rng.Split("held")).Successful();
                PosteriorEnsemble ensemble = EnsembleEstimation.Train(
                    new SupportBijection(prior), pairs.Theta, pairs.X, k, new EnsembleOptions { Members = Members }, EnsembleEstimation.DefaultTraining(pairs.Count), rng.Split("train")).Posterior;
                var one = new PosteriorEnsemble([ensemble.Members[0]]);
                for (int i = 0; i < held.Count; i++)
                {
                    double[] x = held.X[(i * k)..((i + 1) * k)];
                    IReadOnlyList<EnsembleInterval> intervals = ensemble.Intervals(x, Level, rng.Split("intervals").Split(i)), own = one.Intervals(x, Level, rng.Split("one").Split(i));
                    seen.AddRange(Enumerable.Range(0, d).Select(j => (intervals[j], Holds(own[j], held.Theta[(i * d) + j]), Holds(intervals[j], held.Theta[(i * d) + j]))));
                }
            }

            foreach ((string name, double large, Func<EnsembleInterval, double> of) in measures)
            {
                double[] worst = [.. seen.Chunk(d).Select(all => all.Max(p => of(p.Interval)))];
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {task} | {simulations} | {name} | {Timing.Median(worst):F2} | {worst.Order().ElementAt(worst.Length * 9 / 10):F2} | {worst.Count(s => s > large)} of {worst.Length} | {Share(true, p => p.One)} | {Share(false, p => p.One)} | {Share(true, p => p.Mixture)} | {Share(false, p => p.Mixture)} |"));
                output.Flush();

                string Share(bool above, Func<(EnsembleInterval Interval, bool One, bool Mixture), bool> holds)
                {
                    var those = seen.Where(p => of(p.Interval) > large == above).ToList();
                    return those.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{those.Count(holds) / (double)those.Count:F3} of {those.Count}");
                }
            }
        }

        static bool Holds(EnsembleInterval interval, double truth) => truth >= interval.Lower && truth <= interval.Upper;
    }

    private static double Covered(List<double> higher, double level) => (double)higher.Count(h => h <= level) / higher.Count;
}
