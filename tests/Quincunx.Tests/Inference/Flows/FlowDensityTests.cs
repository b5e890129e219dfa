using Quincunx.Inference.Flows;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Flows;

[Trait("Category", "Slow")]
public sealed class FlowDensityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ring", FlowKind.SplineAutoregressive)]
    [InlineData("moons", FlowKind.SplineAutoregressive)]
    [InlineData("mixture", FlowKind.SplineAutoregressive)]
    [InlineData("ring", FlowKind.SplineCoupling)]
    [InlineData("moons", FlowKind.SplineCoupling)]
    [InlineData("mixture", FlowKind.SplineCoupling)]
    [InlineData("ring", FlowKind.Continuous)]
    [InlineData("moons", FlowKind.Continuous)]
    [InlineData("mixture", FlowKind.Continuous)]
    public void Flow_TrainedOnAPlaneDensity_IntegratesToOneAndComesClose(string name, FlowKind kind)
    {
        const int Rows = 10_000, Held = 10_000, Cells = 400;
        const double Edge = 8;
        var rng = new Rng(31);
        bool continuous = kind == FlowKind.Continuous;
        Flow flow = new FlowOptions { Kind = kind, Transforms = 4, Hidden = 32, Blocks = continuous ? 2 : 1, Bins = 8 }.Create(2, 0, rng.Split("weights"));
        var training = new TrainingOptions { MaxEpochs = 20, LearningRate = continuous ? 1e-2 : 3e-3, Schedule = RateSchedule.Cosine, Threads = 2 };
        Trainer.Run(new FlowDensityTask(flow, PlaneDensity.Sample(name, Rows, rng.Split("training"))), training, rng.Split("order"));

        double width = 2 * Edge / Cells;
        double[] grid = new double[2 * Cells * Cells];
        for (int i = 0; i < Cells * Cells; i++)
        {
            (grid[2 * i], grid[(2 * i) + 1]) = (-Edge + (width * ((i / Cells) + 0.5)), -Edge + (width * ((i % Cells) + 0.5)));
        }

        double mass = LogProb(flow, grid).Sum(Math.Exp) * width * width;

        // The divergence from the truth, on fresh points: it is positive, but for the noise of its estimate.
        double[] fresh = PlaneDensity.Sample(name, Held, rng.Split("held"));
        double[] excess = [.. LogProb(flow, fresh).Select((log, i) => PlaneDensity.LogProb(name, fresh[2 * i], fresh[(2 * i) + 1]) - log)];
        double divergence = excess.Average(), error = Math.Sqrt(excess.Average(e => (e - divergence) * (e - divergence)) / Held);
        output.WriteLine($"{name} {kind}: mass {mass:F4}, divergence {divergence:F3} ± {error:F3}");

        Assert.Equal(1, mass, 0.005);
        Assert.InRange(divergence, -4 * error, 0.12);
    }

    [Fact]
    public void PlaneDensities_IntegrateToOne()
    {
        const int Cells = 800;
        foreach (string name in new[] { "ring", "moons", "mixture" })
        {
            double sum = 0;
            for (int i = 0; i < Cells * Cells; i++)
            {
                sum += Math.Exp(PlaneDensity.LogProb(name, -6 + (12.0 * ((i / Cells) + 0.5) / Cells), -6 + (12.0 * ((i % Cells) + 0.5) / Cells)));
            }

            // The moons' ends are cut off straight: 0.42 of density along them, times half a cell of 0.015.
            Assert.Equal(1, sum * 144 / (Cells * Cells), 0.004);
        }
    }

    private static double[] LogProb(Flow flow, double[] points)
    {
        const int Block = 4000;
        List<double> logs = [];
        for (int from = 0; from < points.Length; from += 2 * Block)
        {
            using var scope = new TensorScope();
            using Recording.Pause pause = Recording.Off();
            double[] rows = points[from..Math.Min(points.Length, from + (2 * Block))];
            logs.AddRange(flow.LogProb(Tensor.From(rows, new Shape(rows.Length / 2, 2), DType.Float32)).ToArray());
        }

        return [.. logs];
    }
}
