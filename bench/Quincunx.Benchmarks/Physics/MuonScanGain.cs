using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Nre;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Electroweak;

namespace Quincunx.Benchmarks.Physics;

/// <summary>Two couplings from muon pairs: SALLY, ALICES and RASCAL beside the exact likelihood and histograms of one observable, in Fisher information and in errors over repeated data sets.</summary>
internal sealed class MuonScanGain(TextWriter output, int simulations, int sets, int events, ulong seed)
{
    private const int Bins = 30, TestEvents = 50_000, Starts = 3;
    private static readonly double[] Standard = [MuonScan.StandardVector, MuonScan.StandardAxial];

    // What maxima are sought in, and what ratios are learned over.
    private static readonly Uniform Vector = new(-0.4, 0.3), Axial = new(-0.65, -0.35);
    private static readonly IndependentProduct Prior = new(("vector_coupling", Vector), ("axial_coupling", Axial));
    private static readonly SupportBijection Box = new(Prior);

    private static readonly (string Name, Func<double, double, double> Of)[] Observables =
    [
        ("mass", (m, _) => m),
        ("cosine", (_, y) => Math.Cos(y)),
        ("cosine, other sign below the Z", (m, y) => Math.Cos(y) * (m < MuonPairs.MassZGeV ? -1 : 1)),
        ("cosine × (mass − Z's)", (m, y) => Math.Cos(y) * (m - MuonPairs.MassZGeV)),
        ("distance of the mass from the Z's", (m, _) => Math.Abs(m - MuonPairs.MassZGeV)),
        ("cosine at the peak, all else one bin", (m, y) => Math.Abs(m - MuonPairs.MassZGeV) < 3 ? Math.Cos(y) : 2),
    ];

    private delegate (double Value, double[] Gradient) Likelihood(double[] theta);

    // From events and points to start at.
    private delegate double[] Estimator(double[] xs, double[] start);

    /// <param name="arguments">Simulations to learn from, data sets, events in each, seed.</param>
    public static void Print(TextWriter output, string[] arguments)
    {
        int[] numbers = [.. arguments.Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        new MuonScanGain(output, numbers[0], numbers[1], numbers[2], numbers.Length > 3 ? (ulong)numbers[3] : 1).Run();
    }

    private void Run()
    {
        var rng = new Rng(seed);
        var miner = new Miner(new MuonScan());
        double[] xs = MinedSimulations.At(miner, Standard, TestEvents, rng.Split("tests")).Xs, scores = MuonScanRows.Events(xs).Scores(Standard);
        (string Name, MuonScanRows Rows, Func<double, double, int> Bin)[] histograms = [.. Observables.Select(o => (o.Name, Histogram(o.Of, out Func<double, double, int> bin), bin))];
        FisherInformation[] histogramInformation = [.. histograms.Select(h => h.Rows.Information(Standard))];
        double[] best = Best(histogramInformation);

        output.WriteLine("| method | I of v | I of a | I of v, a unknown | I of a, v unknown | worth in data: v | a | v, a unknown | a, v unknown |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Row("exact likelihood", MuonScanRows.ExactInformation(Standard));

        // What follows is from these events, and has their luck.
        Row("the same from the 50,000 test events", Godambe(scores, scores));
        NeuralScore sally = Timed("SALLY", () => Sally(miner, rng.Split("sally")));
        double[] learned = new double[scores.Length];
        sally.Evaluate(xs, learned);
        Row("SALLY", Godambe(learned, scores));
        NeuralRatio[] ratios = [.. ((GoldLoss[])[GoldLoss.Alices, GoldLoss.Rascal]).Select(loss => Timed(loss.ToString(), () => Ratio(miner, loss, rng.Split(loss.ToString()))))];
        foreach ((NeuralRatio ratio, string name) in ratios.Zip((string[])["ALICES", "RASCAL"]))
        {
            ratio.LogLikelihoodPairs([.. Enumerable.Range(0, TestEvents).SelectMany(_ => Standard)], xs, new double[TestEvents], learned);
            Row(name, Godambe(learned, scores));
        }

        for (int i = 0; i < histograms.Length; i++)
        {
            Row($"histogram of {histograms[i].Name}", histogramInformation[i]);
        }

        Row("histogram of mass and cosine, 10 by 10", Plane().Information(Standard));
        LocalScoreModel local = LocalScoreModel.Fit(sally, MinedSimulations.At(miner, Standard, 4 * TestEvents, rng.Split("local")));
        double[] references = MinedSimulations.At(miner, Standard, TestEvents, rng.Split("references")).Xs;
        RatioNormaliser[] normalisers = [.. ratios.Select(r => Timed("normalisation", () => RatioNormaliser.Fit(r, references, Standard, Prior, rng.Split("normaliser"))))];
        (string, Estimator)[] estimators =
        [
            ("exact likelihood", (data, _) => Maximum(Exact(data), Near(local, data))),
            ("SALLY", (data, _) => [.. local.Estimate(data).Theta]),
            ("ALICES", (data, _) => Maximum(Learned(ratios[0], data), Near(local, data))),
            ("RASCAL", (data, _) => Maximum(Learned(ratios[1], data), Near(local, data))),
            ("ALICES, normalised", (data, _) => Maximum(Normalised(ratios[0], data, normalisers[0]), Near(local, data))),
            ("RASCAL, normalised", (data, _) => Maximum(Normalised(ratios[1], data, normalisers[1]), Near(local, data))),
            .. histograms.Select(h => ($"histogram of {h.Name}", (Estimator)((data, start) => Maximum(Counts(h.Rows, h.Bin, data), start)))),
        ];
        foreach (double[] truth in (double[][])[Standard, [Standard[0] + 0.1, Standard[1] + 0.03]])
        {
            Repeat(miner, estimators, truth, rng.Split("sets"));
        }

        void Row(string name, FisherInformation found)
        {
            double[] all = Four(found);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {all[0]:F4} | {all[1]:F3} | {all[2]:F4} | {all[3]:F3} | {all[0] / best[0]:F2} | {all[1] / best[1]:F2} | {all[2] / best[2]:F2} | {all[3] / best[3]:F2} |"));
            output.Flush();
        }
    }

    // Errors over data sets, and how many times the data the best histogram would need for the same.
    private void Repeat(Miner miner, (string Name, Estimator Estimate)[] estimators, double[] truth, Rng rng)
    {
        double[][] data = [.. Enumerable.Range(0, sets).Select(s => MinedSimulations.At(miner, truth, events, rng.Split(s)).Xs)];

        // Not at the truth, where a likelihood that is flat in a direction would stay.
        double[][] starts = [.. data.Select((_, s) => Draw(rng.Split("starts").Split(s)))];
        double[][] squares = [.. estimators.Select(e => data.SelectMany((xs, s) => e.Estimate(xs, starts[s]).Zip(truth, (found, true_) => (found - true_) * (found - true_))).ToArray())];
        double[][] means = [.. squares.Select(s => (double[])[.. Enumerable.Range(0, 2).Select(j => Enumerable.Range(0, sets).Average(i => s[(2 * i) + j]))])];
        int first = Array.FindIndex(estimators, e => e.Name.StartsWith("histogram", StringComparison.Ordinal));
        int[] best = [.. Enumerable.Range(0, 2).Select(j => Enumerable.Range(first, estimators.Length - first).MinBy(e => means[e][j]))];
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sets} data sets of {events} events at ({truth[0]:F4}, {truth[1]:F4}):"));
        output.WriteLine();
        output.WriteLine("| method | error of v | error of a | worth in data: v | a |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        for (int e = 0; e < estimators.Length; e++)
        {
            string[] worth = [.. Enumerable.Range(0, 2).Select(j => Worth(squares[best[j]], squares[e], j))];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {estimators[e].Name} | {Math.Sqrt(means[e][0]):F4} | {Math.Sqrt(means[e][1]):F4} | {worth[0]} | {worth[1]} |"));
        }

        output.Flush();
    }

    // The ratio of mean squares, with its standard error by leaving out one data set at a time: both are of the same sets.
    private static string Worth(double[] histogram, double[] method, int j)
    {
        int n = histogram.Length / 2;
        double above = Enumerable.Range(0, n).Sum(i => histogram[(2 * i) + j]), below = Enumerable.Range(0, n).Sum(i => method[(2 * i) + j]), ratio = above / below;
        double variance = Enumerable.Range(0, n).Sum(i => Math.Pow(((above - histogram[(2 * i) + j]) / (below - method[(2 * i) + j])) - ratio, 2)) * (n - 1) / n;
        return string.Create(CultureInfo.InvariantCulture, $"{ratio:F2} ± {Math.Sqrt(variance):F2}");
    }

    // SALLY's estimate, inside the box.
    private static double[] Near(LocalScoreModel local, double[] xs)
    {
        IReadOnlyList<double> theta = local.Estimate(xs).Theta;
        return [Math.Clamp(theta[0], -0.39, 0.29), Math.Clamp(theta[1], -0.64, -0.36)];
    }

    private static double[] Draw(Rng rng)
    {
        double[] thetas = new double[2 * Starts];
        for (int s = 0; s < Starts; s++)
        {
            Prior.Sample(thetas.AsSpan(2 * s, 2), rng.Split(s));
        }

        return thetas;
    }

    // The best of maxima from some starts.
    private static double[] Maximum(Likelihood likelihood, double[] starts)
    {
        double[] best = [];
        double most = double.NegativeInfinity;
        for (int s = 0; s < starts.Length; s += 2)
        {
            double[] start = new double[2], theta = new double[2];
            Box.ToUnconstrained(starts.AsSpan(s, 2), start);
            LbfgsResult result = new Lbfgs(new LbfgsOptions { GradientTolerance = 1e-2, MaxIterations = 50 }).Minimise(
                z =>
                {
                    double[] point = new double[2];
                    Box.ToConstrained(z, point);
                    (double value, double[] gradient) = likelihood(point);
                    return (-value, [.. gradient.Select((g, j) => -g / Box.SlopeToUnconstrained(j, z[j]))]);
                },
                start);
            if (-result.Value > most)
            {
                Box.ToConstrained(result.X, theta);
                (best, most) = (theta, -result.Value);
            }
        }

        return best;
    }

    private static Likelihood Exact(double[] xs)
    {
        var rows = MuonScanRows.Events(xs);
        double[] ones = [.. Enumerable.Repeat(1.0, rows.Count)];
        return theta => rows.LogLikelihood(theta, ones);
    }

    private static Likelihood Counts(MuonScanRows rows, Func<double, double, int> bin, double[] xs)
    {
        double[] counts = new double[rows.Count];
        for (int i = 0; i < xs.Length; i += 2)
        {
            counts[bin(xs[i], xs[i + 1])]++;
        }

        return theta => rows.LogLikelihood(theta, counts);
    }

    private static Likelihood Learned(NeuralRatio ratio, double[] xs) => theta =>
    {
        (double[] logs, double[] slopes) = LogRatios(ratio, xs, theta);
        return (logs.Sum(), [slopes.Where((_, i) => i % 2 == 0).Sum(), slopes.Where((_, i) => i % 2 == 1).Sum()]);
    };

    private static Likelihood Normalised(NeuralRatio ratio, double[] xs, RatioNormaliser normaliser)
    {
        Likelihood plain = Learned(ratio, xs);
        double n = xs.Length / 2.0;
        return theta =>
        {
            (double value, double[] gradient) = plain(theta);
            (double log, double[] slope) = normaliser.Log(theta);
            return (value - (n * log), [gradient[0] - (n * slope[0]), gradient[1] - (n * slope[1])]);
        };
    }

    private static (double[] Logs, double[] Slopes) LogRatios(NeuralRatio ratio, double[] xs, double[] theta)
    {
        double[] logs = new double[xs.Length / 2], slopes = new double[xs.Length], thetas = new double[xs.Length];
        for (int i = 0; i < thetas.Length; i++)
        {
            thetas[i] = theta[i % 2];
        }

        ratio.LogLikelihoodPairs(thetas, xs, logs, slopes);
        return (logs, slopes);
    }

    // MᵀV⁻¹M of a learned score u and the exact one t: what the mean of u tells (see LocalScoreModel).
    private static FisherInformation Godambe(double[] learned, double[] exact)
    {
        int n = exact.Length / 2;
        Matrix<double> u = Matrix<double>.Build.DenseOfRowMajor(n, 2, learned), t = Matrix<double>.Build.DenseOfRowMajor(n, 2, exact);
        Vector<double> mean = u.ColumnSums() / n;
        Matrix<double> response = u.TransposeThisAndMultiply(t) / n, spread = (u.TransposeThisAndMultiply(u) / n) - mean.OuterProduct(mean), known = response.TransposeThisAndMultiply(spread.Solve(response));
        return new FisherInformation([known[0, 0], known[0, 1], known[0, 1], known[1, 1]], new double[4], n);
    }

    private static double[] Four(FisherInformation found) => [found[0, 0], found[1, 1], found.Profiled(0)[0, 0], found.Profiled(1)[0, 0]];

    private static double[] Best(FisherInformation[] all) => [.. Enumerable.Range(0, 4).Select(i => all.Max(found => Four(found)[i]))];

    private static MuonScanRows Histogram(Func<double, double, double> observable, out Func<double, double, int> bin)
    {
        double[] edges = MuonScanRows.Edges(observable, Standard, Bins);
        bin = (m, y) => Place(edges, observable(m, y));
        return MuonScanRows.Bins(bin, edges.Length + 1);
    }

    private static MuonScanRows Plane()
    {
        double[] masses = MuonScanRows.Edges((m, _) => m, Standard, 10), cosines = MuonScanRows.Edges((_, y) => Math.Cos(y), Standard, 10);
        return MuonScanRows.Bins((m, y) => (10 * Place(masses, m)) + Place(cosines, Math.Cos(y)), 100);
    }

    private static int Place(double[] edges, double value)
    {
        int i = Array.BinarySearch(edges, value);
        return i >= 0 ? i + 1 : ~i;
    }

    private NeuralScore Sally(Miner miner, Rng rng) => GoldScoreEstimation.Train(
        MinedSimulations.At(miner, Standard, simulations, rng.Split("events")), Standard, 2, new GoldScoreOptions(), GoldScoreEstimation.DefaultTraining, rng.Split("training")).Score;

    private NeuralRatio Ratio(Miner miner, GoldLoss loss, Rng rng) => GoldRatioEstimation.Train(
        Box, MinedSimulations.Against(miner, Prior.Sample, Standard, simulations, rng.Split("events")), 2, new GoldRatioOptions { Loss = loss },
        GoldRatioEstimation.DefaultTraining with { BatchSize = 200, MaxEpochs = 40 }, rng.Split("training")).Ratio;

    private T Timed<T>(string name, Func<T> run)
    {
        long began = Stopwatch.GetTimestamp();
        T result = run();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s of simulation and training"));
        return result;
    }
}
