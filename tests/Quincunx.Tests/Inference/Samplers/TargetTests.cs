using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Samplers;

public sealed class TargetTests
{
    [Theory]
    [InlineData(PointLayout.Rows, DType.Float64)]
    [InlineData(PointLayout.Columns, DType.Float64)]
    [InlineData(PointLayout.Columns, DType.Float32)]
    public void TensorTarget_AnyNumberOfPoints_IsTheFunction(PointLayout layout, DType dtype)
    {
        GradientFunctionTarget exact = Targets.Banana();
        TensorTarget target = Banana(layout, dtype);
        foreach (int n in new[] { 1, 2, 3, 7, 20, 21, 256, 257, 700, 3 })
        {
            double[] points = Targets.Apart(n, 2, new Rng((ulong)n));
            double[] expected = new double[n], slopes = new double[2 * n], logs = new double[n], gradients = new double[2 * n], alone = new double[n];
            exact.EvaluateWithGradient(points, expected, slopes);
            target.EvaluateWithGradient(points, logs, gradients);
            target.Evaluate(points, alone);

            double tolerance = dtype == DType.Float64 ? 1e-12 : 1e-3;
            Assert.Equal(expected, logs, (a, b) => Math.Abs(a - b) <= tolerance * (1 + Math.Abs(a)));
            Assert.Equal(expected, alone, (a, b) => Math.Abs(a - b) <= tolerance * (1 + Math.Abs(a)));
            Assert.Equal(slopes, gradients, (a, b) => Math.Abs(a - b) <= tolerance * (1 + Math.Abs(a)));
        }

        Assert.Null(target.Obstacle);
    }

    // What is made of numbers on the way cannot be replayed; it is evaluated each time, and gives the same.
    [Fact]
    public void TensorTarget_FunctionThatCannotBeReplayed_IsEvaluatedAnew()
    {
        var target = new TensorTarget(2, z => -0.5 * Tensor.Square(z - Tensor.From([1.0, 2.0], new Shape(2))).Sum(1));
        double[] logs = new double[2], gradients = new double[4];

        target.EvaluateWithGradient([1, 2, 3, 5], logs, gradients);
        target.EvaluateWithGradient([1, 2, 3, 4], logs, gradients);

        Assert.NotNull(target.Obstacle);
        Assert.Equal([0, -4], logs);
        Assert.Equal([0, 0, -2, -2], gradients);
    }

    [Fact]
    public void TensorTarget_WrongNumberOfValues_Throws() =>
        Assert.Contains("each of 3 points", Assert.Throws<ShapeException>(() => new TensorTarget(2, z => z).Evaluate(new double[6], new double[3])).Message, StringComparison.Ordinal);

    [Fact]
    public void Nuts_OnTheEngine_DrawsWhatItDrawsFromAFunction()
    {
        double[] start = Targets.Apart(4, 2, new Rng(1));
        var options = new NutsOptions { Warmup = 0, Draws = 5, StepSize = 0.3 };

        ChainResult engine = Nuts.Run(Banana(PointLayout.Columns, DType.Float64), start, new Rng(2), options), function = Nuts.Run(Targets.Banana(), start, new Rng(2), options);

        // Five trajectories: rounding has not yet grown.
        Assert.Equal(function.Points.ToArray(), engine.Points.ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(function.GradientEvaluations, engine.GradientEvaluations);
    }

    [Fact]
    public void FunctionTarget_Threads_ChangeNothing()
    {
        double[] points = Targets.Apart(50, 2, new Rng(1)), one = new double[50], many = new double[50];

        new FunctionTarget(2, z => z[0] - z[1]).Evaluate(points, one);
        new FunctionTarget(2, z => z[0] - z[1], threads: 4).Evaluate(points, many);

        Assert.Equal(one, many);
        Assert.Equal(points[6] - points[7], one[3]);
    }

    [Fact]
    public void Unconstrained_Gradient_IsThatOfCentralDifferences()
    {
        var bijection = new SupportBijection([new Support(-1, 3), new Support(2, double.PositiveInfinity), new Support(double.NegativeInfinity, 5), Support.Real]);
        var inner = new GradientFunctionTarget(4, (theta, gradient) =>
        {
            gradient[0] = theta[1];
            gradient[1] = theta[0];
            gradient[2] = Math.Cos(theta[2]);
            gradient[3] = -theta[3];
            return (theta[0] * theta[1]) + Math.Sin(theta[2]) - (0.5 * theta[3] * theta[3]);
        });
        var target = new UnconstrainedGradientTarget(inner, bijection);
        double[] z = [0.7, -0.4, 1.1, -2], gradient = new double[4], log = new double[1], up = new double[1], down = new double[1];

        target.EvaluateWithGradient(z, log, gradient);

        for (int j = 0; j < 4; j++)
        {
            double[] above = [.. z], below = [.. z];
            above[j] += 1e-5;
            below[j] -= 1e-5;
            target.Evaluate(above, up);
            target.Evaluate(below, down);
            Assert.Equal((up[0] - down[0]) / 2e-5, gradient[j], 1e-8);
        }

        double[] plain = new double[1];
        new UnconstrainedTarget(inner, bijection).Evaluate(z, plain);
        Assert.Equal(log, plain);
    }

    [Fact]
    public void Targets_WrongShapes_Throw()
    {
        GradientFunctionTarget target = Targets.Banana();
        Assert.Throws<ArgumentException>(() => target.Evaluate(new double[3], new double[1]));
        Assert.Throws<ArgumentException>(() => target.EvaluateWithGradient(new double[2], new double[1], new double[3]));
        Assert.Throws<ArgumentException>(() => new UnconstrainedTarget(target, new SupportBijection([Support.Real])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FunctionTarget(0, _ => 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainStarts.Uniform(target, 1, new Rng(1), radius: -1));
    }

    [Fact]
    public void Starts_DrawAgainWhereTheDensityIsZero()
    {
        var target = new FunctionTarget(1, z => z[0] > 1.5 ? 0 : double.NegativeInfinity);

        double[] starts = ChainStarts.Uniform(target, 100, new Rng(1));

        Assert.All(starts, z => Assert.InRange(z, 1.5, 2));
        Assert.Equal(100, starts.Distinct().Count());
    }

    private static TensorTarget Banana(PointLayout layout, DType dtype) => new(2, z =>
    {
        int axis = layout == PointLayout.Rows ? 1 : 0;
        Tensor x = z.Slice(axis, 0, 1), y = z.Slice(axis, 1, 1), r = y - Tensor.Square(x) + 1;
        return -0.5 * (Tensor.Square(x) + Tensor.Square(r));
    }, layout, dtype);
}
