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

/// <summary>Where the time of one training step goes, kernel by kernel.</summary>
internal static class StepProfile
{
    private const int Rounds = 400;

    /// <summary>Neural posterior estimation: 5 parameters, 8 outputs, batch 200.</summary>
    public static void Posterior(TextWriter output, FlowKind kind)
    {
        const int Rows = 200, Parameters = 5, Outputs = 8;
        var rng = new Rng(1);
        double[] theta = new double[Rows * Parameters], x = new double[Rows * Outputs];
        rng.Split("theta").FillNormal(theta);
        rng.Split("x").FillNormal(x);
        var options = new NeuralPosteriorOptions { Flow = new FlowOptions { Kind = kind } };
        var bijection = new SupportBijection([.. Enumerable.Repeat(Support.Real, Parameters)]);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(theta, Parameters), FeatureScaling.Fit(x, Outputs), options, rng.Split("weights"));
        Run(output, $"{kind}", new NpeTask(posterior, theta, x), Rows);
    }

    /// <summary>Least squares of a network 64-256x5-1, one chunk of 512 rows.</summary>
    public static void Regression(TextWriter output) => Run(output, "Mlp", new LeastSquares(new Mlp(64, [256, 256, 256, 256, 256], 1, new Rng(1)), 64), 512);

    private static void Run(TextWriter output, string name, TrainingTask task, int rowCount)
    {
        var rng = new Rng(2);
        int[] rows = [.. Enumerable.Range(0, rowCount)];
        BatchLoss batch = task.Batch(rowCount)!;
        batch.Fill(rows, rng);
        IReadOnlyList<Parameter> trained = ParameterTree.Of(task.Module).Trained;
        Tensor[] weights = [.. trained.Select(p => p.Value)];
        Replay replay = Replay.Record(
            () =>
            {
                Tensor loss = batch.Loss();
                return [loss, .. Gradient.Of(loss, weights)];
            },
            out string? obstacle) ?? throw new InvalidOperationException(obstacle);

        using var step = new TrainingStep(task, new TrainingOptions { Chunks = 1, Threads = 1 });
        var buffer = new GradientBuffer(trained);
        var adam = new Adam(trained);
        Tensor[] gradients = [.. replay.Outputs.Skip(1)];
        (string Name, Action Run)[] whole =
        [
            ("step", () => step.Run(rows, rng, 1e-5)), ("loss and gradient", replay.Run), ("copy of the gradient", () => buffer.Set(gradients)),
            ("its norm", () => buffer.Norm()), ("Adam", () => adam.Step(buffer.Values, 1e-9)),
        ];
        Action[] kernels = [.. replay.Steps.Select(s => (Action)s.Run)];
        double[][] wholeTimes = [.. whole.Select(_ => new double[Rounds])], times = [.. replay.Steps.Select(_ => new double[Rounds])];
        for (int round = -200; round < Rounds; round++)
        {
            for (int i = 0; i < whole.Length; i++)
            {
                wholeTimes[i][Math.Max(0, round)] = Timing.Microseconds(whole[i].Run);
            }

            for (int i = 0; i < times.Length; i++)
            {
                times[i][Math.Max(0, round)] = Timing.Microseconds(kernels[i]);
            }
        }

        output.WriteLine($"{name}: {replay.Kernels} kernels, {replay.PlannedBytes >> 10} KiB planned, {replay.LiveBytes >> 10} KiB alive at most");
        output.WriteLine(string.Join(", ", whole.Select((a, i) => string.Create(CultureInfo.InvariantCulture, $"{a.Name} {Timing.Median(wholeTimes[i]):F1} us"))));
        IEnumerable<(string Name, double Time)> all = replay.Steps.Select((s, i) => (Describe(s), Timing.Median(times[i])));
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

    // Constant data: what is measured does not depend on them.
    private sealed class LeastSquares(Mlp network, int inputs) : TrainingTask
    {
        public override IModule Module => network;

        public override int Count => 1 << 20;

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng) => Of(Tensor.Ones(new Shape(rows.Length, inputs)));

        public override BatchLoss Batch(int rows) => new Ones(this, new Parameter(Tensor.Ones(new Shape(rows, inputs)), isTrained: false));

        private Tensor Of(Tensor x) => Tensor.Square(network.Forward(x) - 1).Sum();

        private sealed class Ones(LeastSquares task, Parameter x) : BatchLoss
        {
            public override void Fill(ReadOnlySpan<int> rows, Rng rng)
            {
            }

            public override Tensor Loss() => task.Of(x.Value);
        }
    }
}
