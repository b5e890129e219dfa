using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Effective draws of <see cref="Nuts"/> for each gradient after the warm-up.</summary>
internal static class NutsEfficiency
{
    private const int Chains = 4;

    /// <param name="runs">Seeds; every figure is a mean over them, with its standard error.</param>
    /// <param name="apart">Each chain learns its own step size and metric, as Stan's do.</param>
    /// <param name="options">Of each run; the draws are those of each of four chains.</param>
    public static void Print(TextWriter output, int runs, bool apart, NutsOptions options)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Chains} chains of {options.Draws} draws after {options.Warmup} of warm-up, {runs} runs, chains learn {(apart ? "apart" : "together")} for an acceptance of {options.TargetAcceptance}, trajectories end at a threshold of {options.TurnThreshold}: means ± standard errors"));
        foreach (NutsModel model in NutsModel.All)
        {
            Report(output, model, runs, options, apart);
        }
    }

    private static void Report(TextWriter output, NutsModel model, int runs, NutsOptions options, bool apart)
    {
        var figures = new List<double[]>();
        for (int run = 0; run < runs; run++)
        {
            Rng rng = new Rng(7).Split(run);
            double[] start = ChainStarts.Uniform(model.Target, Chains, rng.Split("start"));
            ChainResult[] results = apart
                ? [.. Enumerable.Range(0, Chains).Select(c => Nuts.Run(model.Target, start.AsSpan(c * model.Target.Dimension, model.Target.Dimension), rng.Split(c), options))]
                : [Nuts.Run(model.Target, start, rng, options)];
            double gradients = results.Sum(r => (double)r.GradientEvaluations);
            double[][] Series(Func<double[], double> of) => [.. results.SelectMany(r => r.Series(z => of(z.ToArray())))];
            double[][][] rest = [.. Enumerable.Range(model.Rest, model.Target.Dimension - model.Rest).Select(j => Series(z => z[j]))];
            figures.Add(
            [
                gradients / (Chains * options.Draws), results.Average(r => r.Acceptance.Average()), results.Average(r => r.StepSize), results.Sum(r => (double)r.Divergences),
                .. model.Named.Select(n => EffectiveDraws.Bulk(Series(n.Of)) / gradients), rest.Min(s => EffectiveDraws.Bulk(s)) / gradients, rest.Min(s => EffectiveDraws.Of(Squares(s))) / gradients,
            ]);
        }

        string[] columns =
        [
            "gradients a draw", "acceptance", "step size", "divergences a run", .. model.Named.Select(n => $"bulk {n.Name} a gradient"), "least bulk of others", "least of squares of others",
        ];
        output.WriteLine(model.Name);
        for (int j = 0; j < columns.Length; j++)
        {
            double mean = figures.Average(f => f[j]), error = Math.Sqrt(figures.Sum(f => (f[j] - mean) * (f[j] - mean)) / (runs - 1) / runs);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {columns[j],-28}{mean,10:F4} ± {error:F4}"));
        }

        output.Flush();
    }

    // Chains that overshoot the mean know it well and the width no better.
    private static double[][] Squares(double[][] series)
    {
        double mean = series.Average(s => s.Average());
        return [.. series.Select(s => s.Select(v => (v - mean) * (v - mean)).ToArray())];
    }
}
