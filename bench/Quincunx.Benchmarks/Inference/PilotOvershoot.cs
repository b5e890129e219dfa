using System.Globalization;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>By what factor the efficiency of a pilot exceeds that of a run a hundred times as long, of which it is the beginning.</summary>
internal static class PilotOvershoot
{
    private const int Runs = 100, Longer = 100;

    // A tail index of 0.7 twice: exactly from the first draw on, and of a normal that is too narrow; and weights with every moment whose efficiency tends to 0.1.
    private static readonly (string Name, Func<Rng, double> LogWeight)[] Laws =
    [
        ("Pareto, k = 0.7", rng => -0.7 * Math.Log(rng.NextOpenDouble())),
        ("normal in 5 dimensions, 0.548 of the width: k = 0.7", rng => 0.35 * Enumerable.Range(0, 5).Sum(_ => Math.Pow(rng.NextNormal(), 2))),
        ("log-normal, efficiency 0.1", rng => Math.Sqrt(Math.Log(10)) * rng.NextNormal()),
    ];

    public static void Print(TextWriter output)
    {
        output.WriteLine("| weights | pilot | efficiency of the pilot, mean | of 100 times as many | factor: median, 5 % to 95 % | pilot said settled | long run within the projection |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, Func<Rng, double> logWeight) in Laws)
        {
            foreach (int pilot in (int[])[100, 1000, 10_000])
            {
                double[] few = new double[Runs], many = new double[Runs], factors = new double[Runs];
                int settled = 0, within = 0;
                for (int run = 0; run < Runs; run++)
                {
                    Rng rng = new Rng((ulong)run).Split("pilot").Split(name);
                    double[] logs = new double[pilot];
                    (double sum, double squares) = (0, 0);
                    for (int i = 0; i < pilot * Longer; i++)
                    {
                        double log = logWeight(rng), w = Math.Exp(log);
                        (sum, squares) = (sum + w, squares + (w * w));
                        if (i < pilot)
                        {
                            logs[i] = log;
                            few[run] = sum * sum / squares / pilot;
                        }
                    }

                    many[run] = sum * sum / squares / (pilot * Longer);
                    factors[run] = few[run] / many[run];
                    var curve = EfficiencyCurve.Of(logs);
                    EffectiveProjection projection = curve.Project((long)pilot * Longer);
                    settled += curve.Trend == EfficiencyTrend.Settled ? 1 : 0;
                    within += sum * sum / squares >= projection.Low && sum * sum / squares <= projection.High ? 1 : 0;
                }

                Array.Sort(factors);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {pilot} | {few.Average():F3} | {many.Average():F3} | {(factors[(Runs / 2) - 1] + factors[Runs / 2]) / 2:F1}, {factors[Runs / 20]:F1} to {factors[Runs - 1 - (Runs / 20)]:F1} | {settled} | {within} |"));
                output.Flush();
            }
        }
    }
}
