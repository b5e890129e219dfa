using System.Globalization;
using BenchmarkDotNet.Running;
using Quincunx.Benchmarks;
using Quincunx.Benchmarks.Inference;
using Quincunx.Benchmarks.Physics;
using Quincunx.Benchmarks.Runs;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Samplers;

if (args is ["simulators"])
{
    SimulatorCosts.Print(Console.Out);
    return;
}

if (args is ["trace"])
{
    TraceOverhead.Print(Console.Out);
    return;
}

if (args is ["explaining"])
{
    ExplainingCosts.Print(Console.Out);
    return;
}

if (args is ["campaigns", var rows, ..])
{
    CampaignCosts.Print(Console.Out, long.Parse(rows, CultureInfo.InvariantCulture), args.Length > 2 ? args[2] : Path.Combine(Path.GetTempPath(), "quincunx-campaigns"));
    return;
}

if (args is ["abc", string folder, string budget, .. string[] tasks])
{
    AbcScores.Print(Console.Out, folder, long.Parse(budget, CultureInfo.InvariantCulture), tasks);
    return;
}

if (args is ["exact-likelihood", string data, .. string[] problems])
{
    LikelihoodScores.PrintExact(Console.Out, data, problems);
    return;
}

if (args is ["posterior", _, _, _, _, ..])
{
    PosteriorScores.Print(
        Console.Out, args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture), ulong.Parse(args[4], CultureInfo.InvariantCulture), args[5..]);
    return;
}

if (args is ["nle", string references, string simulations, .. string[] names])
{
    LikelihoodScores.PrintLearned(Console.Out, references, int.Parse(simulations, CultureInfo.InvariantCulture), names);
    return;
}

if (args is ["nre", _, _, ..])
{
    RatioScores.Print(Console.Out, args[1], long.Parse(args[2], CultureInfo.InvariantCulture), args[3..]);
    return;
}

if (args is ["embeddings", _, _, _, _, _, ..])
{
    EmbeddingScores.Print(
        Console.Out,
        int.Parse(args[1], CultureInfo.InvariantCulture),
        int.Parse(args[2], CultureInfo.InvariantCulture),
        int.Parse(args[3], CultureInfo.InvariantCulture),
        double.Parse(args[4], CultureInfo.InvariantCulture),
        args[5..]);
    return;
}

if (args is ["gnpe", _, _, _, _, _])
{
    EquivariantScores.Print(
        Console.Out,
        int.Parse(args[1], CultureInfo.InvariantCulture),
        int.Parse(args[2], CultureInfo.InvariantCulture),
        int.Parse(args[3], CultureInfo.InvariantCulture),
        double.Parse(args[4], CultureInfo.InvariantCulture),
        int.Parse(args[5], CultureInfo.InvariantCulture));
    return;
}

if (args is ["balance", _, _, _, ..])
{
    BalanceScores.Print(
        Console.Out, Enum.Parse<RatioLoss>(args[1].Replace("-", "", StringComparison.Ordinal), ignoreCase: true), int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture),
        [0, 100], [1024, 4096], args.Length > 4 ? args[4..] : ["slcp", "weinberg", "weinberg-angles"]);
    return;
}

if (args is ["tiny-budget", _, .. string[] tiny])
{
    TinyBudgetScores.Print(Console.Out, int.Parse(args[1], CultureInfo.InvariantCulture), tiny);
    return;
}

if (args is ["ensemble", "time", string timed, _, _])
{
    EnsembleScores.PrintTimes(Console.Out, timed, int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
    return;
}

if (args is ["ensemble", "batched", string together, _, _, .. string[] counts])
{
    BatchedSteps.Print(
        Console.Out, together, int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture), [.. counts.Select(k => int.Parse(k, CultureInfo.InvariantCulture))]);
    return;
}

if (args is ["ensemble", "parts", string parted, _, _])
{
    MemberParts.Print(Console.Out, parted, int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
    return;
}

if (args is ["ensemble", "steps", string stepped])
{
    EnsembleScores.PrintSteps(Console.Out, stepped);
    return;
}

if (args is ["ensemble", "agreement", _, _, .. string[] agreed])
{
    EnsembleScores.PrintAgreement(Console.Out, int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture), agreed);
    return;
}

if (args is ["ensemble", "coverage", _, _, .. string[] covered])
{
    EnsembleScores.PrintCoverage(Console.Out, int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture), covered);
    return;
}

if (args is ["linear-gaussian", _, _, ..])
{
    int[] dimensions = [.. args[3..].Where(word => char.IsAsciiDigit(word[0])).Select(d => int.Parse(d, CultureInfo.InvariantCulture))];
    LinearGaussianScores.Print(Console.Out, args[1], int.Parse(args[2], CultureInfo.InvariantCulture), dimensions, Array.Find(args[3..], word => !char.IsAsciiDigit(word[0])));
    return;
}

if (args is ["importance", _, ..])
{
    ImportanceScores.Print(Console.Out, args[1..]);
    return;
}

if (args is ["nuts", _, _, ..])
{
    double Said(string key, double otherwise) => Array.IndexOf(args, key) is > 0 and int at && at + 1 < args.Length ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    var nuts = new NutsOptions { Draws = int.Parse(args[2], CultureInfo.InvariantCulture) };
    NutsEfficiency.Print(Console.Out, int.Parse(args[1], CultureInfo.InvariantCulture), args[3..].Contains("apart", StringComparer.Ordinal),
        nuts with { TargetAcceptance = Said("acceptance", nuts.TargetAcceptance), TurnThreshold = Said("turn", nuts.TurnThreshold), Metric = args[3..].Contains("diagonal", StringComparer.Ordinal) ? MetricKind.Diagonal : nuts.Metric });
    return;
}

if (args is ["spectrum", "train", string weights, string kind, string epochs, string learned])
{
    SpectrumScores.Train(Console.Out, weights, kind == "plain", int.Parse(epochs, CultureInfo.InvariantCulture), ulong.Parse(learned, CultureInfo.InvariantCulture));
    return;
}

if (args is ["spectrum", "score", string trained, string read, string observations, string seed])
{
    SpectrumScores.Print(Console.Out, trained, read == "plain", int.Parse(observations, CultureInfo.InvariantCulture), ulong.Parse(seed, CultureInfo.InvariantCulture));
    return;
}

if (args is ["spectrum", "figure", string fitted, string figure, string drawn])
{
    SpectrumFigure.Write(fitted, figure, ulong.Parse(drawn, CultureInfo.InvariantCulture));
    return;
}

if (args is ["ee-mumu", _, _, _, ..])
{
    MuonScanGain.Print(Console.Out, args[1..]);
    return;
}

if (args is ["avo", _, ..])
{
    AvoScores.Print(Console.Out, args[1..]);
    return;
}

if (args is ["profile", "mlp"])
{
    StepProfile.Regression(Console.Out);
    return;
}

if (args is ["profile", ..])
{
    StepProfile.Posterior(Console.Out, args.Length > 1 ? Enum.Parse<FlowKind>(args[1], ignoreCase: true) : FlowKind.SplineAutoregressive);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(MatrixProductBenchmark).Assembly).Run(args);
