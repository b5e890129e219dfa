using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Neural posterior estimation with the default flow: training step, draws and densities.</summary>
internal static class PosteriorRows
{
    public const int Batch = 200;
    private const int TrainingSteps = 300;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        var data = new Lazy<PosteriorData>();
        foreach ((FlowKind kind, string name, double target) in new[] { (FlowKind.SplineAutoregressive, "spline", 1.0), (FlowKind.AffineAutoregressive, "affine", 0.5) })
        {
            Probe probe = bench.Time(() => bench.Own(new Step(data.Value.Task(data.Value.Network(kind)), Batch, threads: 1)).Run);
            yield return new RowPlan(Name(name), 1, RowPlan.Float32, Units.Milliseconds, Quantity.Time(probe, 1e3), Bound.Target(target));

            // Forward, gradient of the weight and gradient of the input, a multiply-add of each weight and row.
            var arithmetic = new Quantity([probe], () => 1e-9 * 6 * Batch * PosteriorData.LiveWeights(data.Value.Network(kind)) / Quantity.Median(probe.Seconds));
            yield return new RowPlan($"{Name(name)}, its products", 1, RowPlan.Float32, Units.Flops, arithmetic, bench.PeakBound<float>(1));
        }

        int threads = Math.Min(2, Bench.Cores);
        var trained = new Lazy<NeuralPosterior>(() =>
            data.Value.Trained(FlowKind.SplineAutoregressive, bench.Effort.IsSmoke ? 2 : TrainingSteps, bench.Cancel));
        Probe draws = bench.Time(() =>
        {
            NeuralPosterior posterior = trained.Value;
            double[] thetas = new double[bench.Effort.Draws * PosteriorData.Dimension], x = data.Value.Xs[..PosteriorData.Features];
            return () => posterior.Sample(x, thetas, new Rng(1));
        });
        yield return Limited($"posterior sampling, spline, {Bench.Count(bench.Effort.Draws)} draws", threads, draws, 50);
        Probe densities = bench.Time(() =>
        {
            NeuralPosterior posterior = trained.Value;
            double[] thetas = new double[bench.Effort.Draws * PosteriorData.Dimension], x = data.Value.Xs[..PosteriorData.Features], logs = new double[bench.Effort.Draws];
            posterior.Sample(x, thetas, new Rng(1));
            return () => posterior.LogProb(x, thetas, logs);
        });
        yield return Limited($"posterior log-density, spline, {Bench.Count(bench.Effort.Draws)} points", threads, densities, 20);
    }

    public static string Name(string kind) => $"NPE step, {kind}, batch {Batch}";

    private static RowPlan Limited(string name, int threads, Probe probe, double milliseconds) =>
        new(name, threads, RowPlan.Float32, Units.Milliseconds, Quantity.Time(probe, 1e3), Bound.Target(milliseconds));
}
