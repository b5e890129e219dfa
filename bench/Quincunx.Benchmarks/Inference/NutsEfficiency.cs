using System.Globalization;
using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>
/// Effective draws of <see cref="Nuts"/> for each gradient: of eight schools and the funnel, both without centring, and of fifty normal coordinates, each correlated with the next by 1/2, since what suits two models of
/// ten coordinates need not suit those.
/// </summary>
internal static class NutsEfficiency
{
    private const int Chains = 4;
    private static readonly double[] Effects = [28, 8, -3, 7, -1, 1, 18, 12], Errors = [15, 10, 16, 11, 9, 11, 10, 18];

    /// <param name="runs">Seeds; every figure is a mean over them, with its standard error.</param>
    /// <param name="draws">Of each of four chains.</param>
    /// <param name="apart">Each chain learns its own step size and metric, as Stan's do.</param>
    /// <param name="target">Of the acceptance.</param>
    public static void Print(TextWriter output, int runs, int draws, bool apart, double target)
    {
        var options = new NutsOptions { Draws = draws, TargetAcceptance = target };
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Chains} chains of {draws} draws after 1000 of warm-up, {runs} runs, chains learn {(apart ? "apart" : "together")} for an acceptance of {target}: means ± standard errors"));
        Report(output, "eight schools", runs, options, apart, new GradientFunctionTarget(10, Schools), ("mu", z => z[0]), ("tau", z => Math.Exp(z[1])), ("eta", null));
        Report(output, "fifty in a row", runs, options, apart, new GradientFunctionTarget(50, Chain), ("z_1", z => z[0]), ("z_2", z => z[1]), ("z", null));
        Report(output, "funnel of ten", runs, options, apart, new GradientFunctionTarget(10, Normal), ("v", z => 3 * z[0]), ("x_1", z => Math.Exp(1.5 * z[0]) * z[1]), ("z", null));
    }

    private static void Report(
        TextWriter output, string name, int runs, NutsOptions options, bool apart, IGradientTarget target, (string Name, Func<double[], double> Of) first, (string Name, Func<double[], double> Of) second, (string Name, Func<double[], double>? Of) rest)
    {
        var figures = new List<double[]>();
        for (int run = 0; run < runs; run++)
        {
            Rng rng = new Rng(7).Split(run);
            double[] start = ChainStarts.Uniform(target, Chains, rng.Split("start"));
            ChainResult[] results = apart
                ? [.. Enumerable.Range(0, Chains).Select(c => Nuts.Run(target, start.AsSpan(c * target.Dimension, target.Dimension), rng.Split(c), options))]
                : [Nuts.Run(target, start, rng, options)];
            double gradients = results.Sum(r => (double)r.GradientEvaluations);
            double[][] Series(Func<double[], double> of) => [.. results.SelectMany(r => r.Series(z => of(z.ToArray())))];
            double[][] a = Series(first.Of), b = Series(second.Of);
            double[][][] others = [.. Enumerable.Range(2, 8).Select(j => Series(z => z[j]))];
            figures.Add(
            [
                gradients / (Chains * options.Draws), results.Average(r => r.Acceptance.Average()), results.Average(r => r.StepSize), results.Sum(r => (double)r.Divergences),
                EffectiveDraws.Bulk(a) / gradients, EffectiveDraws.Bulk(b) / gradients, others.Min(s => EffectiveDraws.Bulk(s)) / gradients,
                EffectiveDraws.Of(a) / gradients, EffectiveDraws.Of(b) / gradients, others.Min(s => EffectiveDraws.Of(s)) / gradients,
            ]);
        }

        string[] columns =
        [
            "gradients a draw", "acceptance", "step size", "divergences a run", $"bulk {first.Name} a gradient", $"bulk {second.Name} a gradient", $"least bulk {rest.Name} a gradient",
            $"mean {first.Name} a gradient", $"mean {second.Name} a gradient", $"least mean {rest.Name} a gradient",
        ];
        output.WriteLine(name);
        for (int j = 0; j < columns.Length; j++)
        {
            double mean = figures.Average(f => f[j]), error = Math.Sqrt(figures.Sum(f => (f[j] - mean) * (f[j] - mean)) / (runs - 1) / runs);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {columns[j],-28}{mean,10:F4} ± {error:F4}"));
        }
    }

    // mu, log tau, eta₁ to eta₈, flat priors of mu and tau; effect j is mu + tau etaⱼ.
    private static double Schools(ReadOnlySpan<double> z, Span<double> gradient)
    {
        double mu = z[0], tau = Math.Exp(z[1]), log = z[1];
        (gradient[0], gradient[1]) = (0, 1);
        for (int j = 0; j < 8; j++)
        {
            double eta = z[2 + j], r = (Effects[j] - mu - (tau * eta)) / Errors[j];
            log -= 0.5 * ((eta * eta) + (r * r));
            gradient[0] += r / Errors[j];
            gradient[1] += r * tau * eta / Errors[j];
            gradient[2 + j] = (r * tau / Errors[j]) - eta;
        }

        return log;
    }

    // Unit variances, correlation 2^-|i - j|.
    private static double Chain(ReadOnlySpan<double> z, Span<double> gradient)
    {
        double log = 0, s = Math.Sqrt(0.75);
        gradient.Clear();
        for (int j = 0; j < z.Length; j++)
        {
            double scale = j == 0 ? 1 : s, r = (z[j] - (j == 0 ? 0 : 0.5 * z[j - 1])) / scale;
            log -= 0.5 * r * r;
            gradient[j] -= r / scale;
            if (j > 0)
            {
                gradient[j - 1] += 0.5 * r / scale;
            }
        }

        return log;
    }

    private static double Normal(ReadOnlySpan<double> z, Span<double> gradient)
    {
        double log = 0;
        for (int j = 0; j < z.Length; j++)
        {
            log -= 0.5 * z[j] * z[j];
            gradient[j] = -z[j];
        }

        return log;
    }
}
