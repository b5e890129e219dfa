using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

public sealed class ContinuousFlowTests
{
    private static readonly OdeOptions Tight = new() { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-12 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Forward_AlongALinearField_IsTheMatrixExponential(int dimension)
    {
        Tensor a = Tensor.Uniform(-1, 1, new Rng(1), new Shape(dimension, dimension), DType.Float64);
        Tensor x = Tensor.Uniform(-2, 2, new Rng(2), new Shape(dimension, 5), DType.Float64);
        double trace = a.Trace().ToScalar();
        var field = new LinearField(a);
        foreach (IVelocityField f in new IVelocityField[] { field, new RecordedField(dimension, field.Velocity) })
        {
            var flow = new ContinuousFlow(f, new ContinuousFlowOptions { Solver = Tight });
            Transformed there = flow.Forward(x, null), back = flow.Inverse(x, null);
            AssertClose(Tensor.MatMul(Tensor.MatrixExponential(a), x), there.Value, 1e-9);
            AssertClose(Tensor.MatMul(Tensor.MatrixExponential(-a), x), back.Value, 1e-9);
            Assert.All(there.LogDet.ToArray(), v => Assert.Equal(trace, v, 1e-12));
            Assert.All(back.LogDet.ToArray(), v => Assert.Equal(-trace, v, 1e-12));
        }
    }

    [Fact]
    public void LogProb_OfALinearField_IsTheNormalDensity()
    {
        // z = exp(A) x is standard normal: x has covariance (exp(A)ᵀ exp(A))⁻¹.
        Tensor a = Tensor.From([0.3, -0.8, 0.5, -0.2], new Shape(2, 2)), e = Tensor.MatrixExponential(a);
        var flow = new Flow([new ContinuousFlow(new LinearField(a), new ContinuousFlowOptions { Solver = Tight })]);
        Tensor x = Tensor.Uniform(-2, 2, new Rng(3), new Shape(6, 2), DType.Float64);
        Tensor expected = (Tensor.Square(Tensor.MatMul(x, e, transposeB: true)).Sum(1) * -0.5) - Math.Log(2 * Math.PI) + Tensor.LogDeterminant(e).LogAbs;
        AssertClose(expected, flow.LogProb(x), 1e-9);

        const int Draws = 20_000;
        double[] drawn = flow.Sample(Draws, new Rng(4), dtype: DType.Float64).ToArray(), covariance = Tensor.Inverse(Tensor.MatMul(e, e, transposeA: true)).ToArray();
        foreach ((int i, int j) in new[] { (0, 0), (0, 1), (1, 1) })
        {
            // Var xᵢxⱼ = Cᵢᵢ Cⱼⱼ + Cᵢⱼ²; 4 standard errors, 6e-5 each.
            double exact = covariance[(2 * i) + j], error = Math.Sqrt(((covariance[3 * i] * covariance[3 * j]) + (exact * exact)) / Draws);
            Assert.Equal(exact, Enumerable.Range(0, Draws).Average(k => drawn[(2 * k) + i] * drawn[(2 * k) + j]), 4 * error);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void LogProb_OverTheWholeSpace_IntegratesToOne(int dimension)
    {
        // The trapezium rule on a smooth function that has died down at both ends is exact up to e to the minus something large over the width of its cells.
        const double Edge = 9;
        int cells = dimension == 1 ? 2000 : 180;
        double width = 2 * Edge / cells;
        var flow = new Flow([Scattered(dimension, new ContinuousFlowOptions { Solver = new OdeOptions { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-9 } })]);
        double[] points = new double[(dimension == 1 ? cells : cells * cells) * dimension];
        for (int i = 0; i < points.Length; i++)
        {
            int point = i / dimension, axis = i % dimension;
            points[i] = -Edge + (width * (axis == 0 ? point % cells : point / cells));
        }

        using Recording.Pause pause = Recording.Off();
        double[] logs = flow.LogProb(Tensor.From(points, new Shape(points.Length / dimension, dimension)), Tensor.From([0.4, -0.7], new Shape(1, 2))).ToArray();
        Assert.Equal(1, logs.Sum(Math.Exp) * Math.Pow(width, dimension), 1e-6);

        // It is not the normal density that it starts as.
        Assert.Contains(
            Enumerable.Range(0, logs.Length),
            i => Math.Abs(logs[i] + (0.5 * dimension * Math.Log(2 * Math.PI)) + (0.5 * points.Skip(i * dimension).Take(dimension).Sum(x => x * x))) > 0.5);
    }

    [Fact]
    public void Sample_InOneDimension_FitsTheDensity()
    {
        var flow = new Flow([Scattered(1, new ContinuousFlowOptions { Solver = Tight })]);
        Tensor context = Tensor.From([0.4, -0.7], new Shape(1, 2));
        using Recording.Pause pause = Recording.Off();
        double[] draws = flow.Sample(4000, new Rng(5), context, DType.Float64).ToArray();

        // The flow turns the density's distribution function into the normal one.
        double[] uniform = [.. flow.ToNoise(Tensor.From(draws, new Shape(draws.Length, 1)), context).Value.ToArray().Select(Quincunx.Numerics.Special.SpecialFunctions.NormalCdf).Order()];
        double distance = uniform.Select((u, i) => Math.Max(Math.Abs(u - ((double)i / uniform.Length)), Math.Abs(u - ((i + 1.0) / uniform.Length)))).Max();
        Assert.True(distance * Math.Sqrt(uniform.Length) < 1.95, $"Kolmogorov's distance {distance}; one seed in 1000 exceeds this.");

        // And the mean by quadrature is that of the draws, within 4 standard errors.
        const int Cells = 2000;
        double[] grid = [.. Enumerable.Range(0, Cells).Select(i => -9 + (18.0 * i / Cells))];
        double[] weights = [.. flow.LogProb(Tensor.From(grid, new Shape(Cells, 1)), context).ToArray().Select(v => Math.Exp(v) * 18 / Cells)];
        double mean = grid.Zip(weights, (x, w) => x * w).Sum(), sd = Math.Sqrt(grid.Zip(weights, (x, w) => (x - mean) * (x - mean) * w).Sum());
        Assert.Equal(mean, draws.Average(), 4 * sd / Math.Sqrt(draws.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_ThroughTheStepsByTheAdjointAndByDifferences_Agrees(bool estimated)
    {
        const int Dimension = 3, Columns = 4;
        Tensor x = Tensor.Uniform(-1, 1, new Rng(6), new Shape(Dimension, Columns), DType.Float64), context = Tensor.Uniform(-1, 1, new Rng(7), new Shape(2, Columns), DType.Float64);
        Tensor? noise = estimated ? TraceNoise.Rademacher.Draw(Dimension, Columns, new Rng(8), DType.Float64) : null;
        Tensor weights = Tensor.Uniform(-1, 1, new Rng(9), x.Shape, DType.Float64);
        ContinuousFlow through = Scattered(Dimension, new ContinuousFlowOptions { Solver = Tight }), adjoint = Scattered(Dimension, new ContinuousFlowOptions { Solver = Tight, Adjoint = true });
        foreach (bool toData in new[] { false, true })
        {
            Tensor Loss(ContinuousFlow flow, Tensor x, Tensor context)
            {
                Transformed y = flow.Integrate(x, context, noise, toData).Map;
                return (y.Value * weights).Sum() + Tensor.Square(y.LogDet).Sum();
            }

            Tensor[] a = All(through), b = All(adjoint);
            for (int i = 0; i < a.Length; i++)
            {
                AssertClose(a[i], b[i], 1e-8);
            }

            GradientCheck.Outcome outcome = GradientCheck.Run(t => Loss(through, t[0], t[1]), [x, context], new Rng(10));
            Assert.True(outcome.First < 1e-6 && outcome.Second < 1e-5, $"{outcome}");
            IReadOnlyList<Parameter> parameters = ParameterTree.Of(through).Trained;
            for (int p = 0; p < parameters.Count; p++)
            {
                double[] start = parameters[p].Value.ToArray(), gradient = a[p + 2].ToArray();
                for (int i = 0; i < start.Length; i += 3)
                {
                    double numeric = (At(start[i] + 1e-5) - At(start[i] - 1e-5)) / 2e-5;
                    Assert.Equal(numeric, gradient[i], 1e-6 * (1 + Math.Abs(numeric)));

                    double At(double value)
                    {
                        double[] moved = [.. start];
                        moved[i] = value;
                        parameters[p].Assign(moved);
                        double loss = Loss(through, x, context).ToScalar();
                        parameters[p].Assign(start);
                        return loss;
                    }
                }
            }

            Tensor[] All(ContinuousFlow flow)
            {
                Tensor[] leaves = [x.Track(), context.Track()];
                return Gradient.Of(Loss(flow, leaves[0], leaves[1]), [.. leaves, .. ParameterTree.Of(flow).Trained.Select(p => p.Value)]);
            }
        }
    }

    [Fact]
    public void Integrate_OverAllSigns_HasTheExactLogDetAsItsMean()
    {
        const int Dimension = 3, Columns = 5;
        ContinuousFlow flow = Scattered(Dimension, new ContinuousFlowOptions());
        Tensor x = Tensor.Uniform(-1, 1, new Rng(11), new Shape(Dimension, Columns), DType.Float64), context = Tensor.Ones(new Shape(2, 1), DType.Float64);
        Transformed exact = flow.Forward(x, context);
        Tensor mean = Tensor.Zeros(new Shape(Columns), DType.Float64);
        for (int pattern = 0; pattern < 8; pattern++)
        {
            Tensor noise = Tensor.From([.. Enumerable.Range(0, Dimension * Columns).Select(i => ((pattern >> (i / Columns)) & 1) == 1 ? 1.0 : -1)], new Shape(Dimension, Columns));
            Transformed estimate = flow.Integrate(x, context, noise).Map;
            Assert.Equal(exact.Value.ToArray(), estimate.Value.ToArray());
            mean += estimate.LogDet / 8;
        }

        AssertClose(exact.LogDet, mean, 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_AtFixedSteps_CanBeReplayedAndTreatsEachColumnAlone(bool adjoint)
    {
        ContinuousFlow flow = Scattered(2, new ContinuousFlowOptions { Adjoint = adjoint });
        Tensor context = Tensor.Uniform(-1, 1, new Rng(12), new Shape(2, 6), DType.Float64);
        var x = new Parameter(Tensor.Uniform(-1, 1, new Rng(13), new Shape(2, 6), DType.Float64), isTrained: false);
        var noise = new Parameter(TraceNoise.Rademacher.Draw(2, 6, new Rng(14), DType.Float64), isTrained: false);
        Tensor[] weights = [.. ParameterTree.Of(flow).Trained.Select(p => p.Value)];
        Replay? replay = Replay.Record(Compute, out string? obstacle);
        Assert.True(replay is not null, obstacle);
        x.Assign(x.Value * -0.7);
        noise.Assign(TraceNoise.Rademacher.Draw(2, 6, new Rng(15), DType.Float64));
        BijectionCases.Scatter(flow, new Rng(16), size: 0.1);
        replay.Run();
        Assert.All(Compute().Zip(replay.Outputs), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));

        double[] all = flow.Forward(x.Value, context).LogDet.ToArray();
        for (int column = 0; column < 6; column++)
        {
            Assert.Equal(all[column], flow.Forward(x.Value.Slice(1, column, 1), context.Slice(1, column, 1)).LogDet.ToScalar(), 1e-13);
        }

        IReadOnlyList<Tensor> Compute()
        {
            Transformed exact = flow.Forward(x.Value, context), estimate = flow.Integrate(x.Value, context, noise.Value).Map;
            Tensor loss = Tensor.Square(exact.Value).Sum() - exact.LogDet.Sum() - estimate.LogDet.Sum();
            return [loss, .. Gradient.Of(loss, weights)];
        }
    }

    [Fact]
    public void Integrate_ThatDoesNotReachTheEnd_IsNaNAndSaysWhy()
    {
        var flow = new ContinuousFlow(
            new LinearField(Tensor.From([50.0], new Shape(1, 1))), new ContinuousFlowOptions { Solver = new OdeOptions { RelativeTolerance = 1e-10, MaxSteps = 5 } });
        ContinuousSolution solution = flow.Integrate(Tensor.Ones(new Shape(1, 3), DType.Float64), null, noise: null);
        Assert.Equal(OdeStop.MaxSteps, solution.Outcome.StopReason);
        Assert.All(solution.Map.Value.ToArray(), v => Assert.Equal(double.NaN, v));
        Assert.All(solution.Map.LogDet.ToArray(), v => Assert.Equal(double.NaN, v));
        Assert.Throws<ShapeException>(() => flow.Integrate(Tensor.Ones(new Shape(1, 3), DType.Float64), null, Tensor.Ones(new Shape(1, 2), DType.Float64)));
    }

    [Fact]
    public void Create_OfAContinuousFlow_StartsAtTheIdentity()
    {
        Flow flow = new FlowOptions { Kind = FlowKind.Continuous }.Create(3, 2, new Rng(17), DType.Float64);
        Tensor x = Tensor.Uniform(-1, 1, new Rng(18), new Shape(4, 3), DType.Float64);
        Transformed noise = flow.ToNoise(x, Tensor.Ones(new Shape(1, 2), DType.Float64));
        Assert.Equal(x.ToArray(), noise.Value.ToArray());
        Assert.All(noise.LogDet.ToArray(), v => Assert.Equal(0, v));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowOptions { Kind = FlowKind.Continuous, Steps = 0 }.Create(2, 0, new Rng(1)));
    }

    private static ContinuousFlow Scattered(int dimension, ContinuousFlowOptions options)
    {
        var flow = new ContinuousFlow(new VelocityNetwork(dimension, 2, [7, 6], new Rng(19), dtype: DType.Float64), options);
        BijectionCases.Scatter(flow, new Rng(20));
        return flow;
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.True((expected - actual).ToArray().Max(Math.Abs) < tolerance, $"off by {(expected - actual).ToArray().Max(Math.Abs)}");
}
