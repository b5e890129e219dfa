using System.Diagnostics;
using System.Globalization;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Benchmarks;

/// <summary>Where the time of one training step of neural posterior estimation goes, kernel by kernel.</summary>
internal static class StepProfile
{
    private const int Rows = 200, Parameters = 5, Outputs = 8, Rounds = 400;

    public static void Run(TextWriter output, FlowKind kind)
    {
        var rng = new Rng(1);
        double[] theta = new double[Rows * Parameters], x = new double[Rows * Outputs];
        rng.Split("theta").FillNormal(theta);
        rng.Split("x").FillNormal(x);
        var options = new NeuralPosteriorOptions { Flow = new FlowOptions { Kind = kind }, EmbeddingHidden = [] };
        var bijection = new SupportBijection([.. Enumerable.Repeat(Support.Real, Parameters)]);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(theta, Parameters), FeatureScaling.Fit(x, Outputs), options, rng.Split("weights"));
        var task = new NpeTask(posterior, theta, x);
        BatchLoss batch = task.Batch(Rows)!;
        batch.Fill([.. Enumerable.Range(0, Rows)], rng);
        Tensor[] weights = [.. ParameterTree.Of(posterior).Trained.Select(p => p.Value)];
        Replay replay = Replay.Record(
            () =>
            {
                Tensor loss = batch.Loss();
                return [loss, .. Gradient.Of(loss, weights)];
            },
            out string? obstacle) ?? throw new InvalidOperationException(obstacle);

        using var step = new TrainingStep(task, new TrainingOptions { Chunks = 1, Threads = 1 });
        int[] rows = [.. Enumerable.Range(0, Rows)];
        double[] steps = new double[Rounds];
        IReadOnlyList<Parameter> trained = ParameterTree.Of(posterior).Trained;
        var buffer = new GradientBuffer(trained);
        var adam = new Adam(trained);
        Tensor[] gradients = [.. replay.Outputs.Skip(1)];
        (string Name, Action Run)[] after =
        [
            ("copy of the gradient", () => buffer.Set(gradients)), ("its norm", () => buffer.Norm()), ("Adam", () => adam.Step(buffer.Values, 1e-9)),
        ];
        double[][] afterTimes = [.. after.Select(_ => new double[Rounds])];
        double[][] times = [.. replay.Steps.Select(_ => new double[Rounds])];
        double[] whole = new double[Rounds];
        for (int round = -200; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            replay.Run();
            whole[Math.Max(0, round)] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            start = Stopwatch.GetTimestamp();
            step.Run(rows, rng, 1e-5);
            steps[Math.Max(0, round)] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            for (int i = 0; i < after.Length; i++)
            {
                start = Stopwatch.GetTimestamp();
                after[i].Run();
                afterTimes[i][Math.Max(0, round)] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

            for (int i = 0; i < times.Length; i++)
            {
                start = Stopwatch.GetTimestamp();
                replay.Steps[i].Run();
                times[i][Math.Max(0, round)] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}: {Median(steps):F0} us a step, {Median(whole):F0} us of it loss and gradient, {replay.Kernels} kernels, {replay.PlannedBytes >> 10} KiB planned, {replay.LiveBytes >> 10} KiB alive at most"));
        output.WriteLine(string.Join(", ", after.Select((a, i) => string.Create(CultureInfo.InvariantCulture, $"{a.Name} {Median(afterTimes[i]):F1} us"))));
        IEnumerable<(string Name, double Time)> all = replay.Steps.Select((step, i) => (Describe(step), Median(times[i])));
        foreach (IGrouping<string, (string Name, double Time)> group in all.GroupBy(s => s.Name, StringComparer.Ordinal).OrderByDescending(g => g.Sum(s => s.Time)).Take(30))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {group.Sum(s => s.Time),8:F1} us  {group.Count(),4} x {group.Average(s => s.Time),7:F2}  {group.Key}"));
        }
    }

    private static string Describe(ReplayStep step)
    {
        string name = step.Kernel.Name.Split('`')[0];
        string of = string.Join(", ", step.Kernel.GetGenericArguments().Select(t => t.Name));
        return $"{name}<{of}> {step.Written[0].Bytes / sizeof(float)}";
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
