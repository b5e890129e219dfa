using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.DifferentialEquations;

public sealed class OdeGradientTests
{
    private static readonly double[] Times = [0.2, 0.5, 1.3];

    private static readonly OdeOptions Fixed = new() { Step = 0.053 };

    [Theory]
    [InlineData(RungeKuttaMethod.Euler)]
    [InlineData(RungeKuttaMethod.Midpoint)]
    [InlineData(RungeKuttaMethod.RungeKutta4)]
    [InlineData(RungeKuttaMethod.DormandPrince)]
    public void Gradient_ThroughTheSteps_MatchesCentralDifferencesToSecondOrder(RungeKuttaMethod method)
    {
        var solver = new OdeSolver(new OdeOptions { Method = method, Step = 0.1 });
        GradientCheck.Outcome outcome = GradientCheck.Run(x => solver.Solve((t, y) => Field(t, y, x[1], x[2]), x[0], Times).States, Points(), new Rng(1));
        Assert.True(outcome.First < 1e-8 && outcome.Second < 1e-8, $"{outcome}");
    }

    // The gradient is that of the exact solution, the differences that of the steps: 1e-8 apart at this step.
    [Fact]
    public void Gradient_ByTheAdjoint_MatchesCentralDifferencesToSecondOrder()
    {
        var adjoint = new AdjointMethod(Fixed);
        GradientCheck.Outcome outcome = GradientCheck.Run(
            x => adjoint.Solve((t, y) => Field(t, y, x[1], x[2]), x[0], Times, [x[1], x[2]]).States, Points(), new Rng(2));
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-7, $"{outcome}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_ByBothMethods_Agrees(bool backwards)
    {
        double[] times = backwards ? [.. Enumerable.Reverse(Times)] : Times;
        var options = new OdeOptions { RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-12 };
        Tensor[] x = [.. Points().Select(p => p.Track())], weights = [Tensor.Uniform(-1, 1, new Rng(4), new Shape(3, 4, 2), DType.Float64)];
        Tensor through = new OdeSolver(options).Solve(F, x[0], times).States, adjoint = new AdjointMethod(options).Solve(F, x[0], times, [x[1], x[2]]).States;
        Assert.Equal(through.ToArray(), adjoint.ToArray());
        Tensor[] a = Gradient.VectorJacobian(through, weights[0], x), b = Gradient.VectorJacobian(adjoint, weights[0], x);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.True(a[i].ToArray().Zip(b[i].ToArray(), (p, q) => Math.Abs(p - q)).Max() < 1e-8);
        }

        Tensor F(double t, Tensor y) => Field(t, y, x[1], x[2]);
    }

    [Fact]
    public void Gradient_OfTheHarmonicOscillator_HasItsClosedForm()
    {
        // d²q/dt² = -ω² q from q = 1, dq/dt = 0: q = cos ωt, dq/dω = -t sin ωt, dq/dt = -ω sin ωt, and the start's time counts the other way.
        const double Omega = 1.7, End = 2.3;
        Tensor omega = Tensor.Scalar(Omega, DType.Float64).Track(), start = Tensor.From([1.0, 0], new Shape(2)).Track(), times = Tensor.From([0.0, End], new Shape(2)).Track();
        var adjoint = new AdjointMethod(new OdeOptions { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-12 });
        OdeResult result = adjoint.Solve(
            (_, y) => Tensor.Concat([y.Slice(0, 1, 1), -(omega * omega) * y.Slice(0, 0, 1)]), start, times, [omega]);
        Tensor[] gradients = Gradient.Of(result.States.At(0, 1).At(0, 0), [start, times, omega]);

        (double sin, double cos) = Math.SinCos(Omega * End);
        Assert.Equal(cos, result.States.ToArray()[2], 1e-9);
        Assert.Equal([cos, sin / Omega], gradients[0].ToArray(), Near);
        Assert.Equal([Omega * sin, -Omega * sin], gradients[1].ToArray(), Near);
        Assert.Equal(-End * sin, gradients[2].ToScalar(), 1e-8);
        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-8;
    }

    [Fact]
    public void Gradient_InTheTimes_IsTheSlopeThere()
    {
        // dy/dt = y cos t: y(t) = y₀ exp(sin t - sin t₀). The times' gradients of Σ wᵢ y(tᵢ) are wᵢ y cos tᵢ, and -cos t₀ Σ wᵢ y(tᵢ) for the first.
        double[] t = [0.3, 0.9, 2.1], w = [0.7, -1.1, 0.4];
        Tensor times = Tensor.From(t, new Shape(3)).Track();
        var adjoint = new AdjointMethod(new OdeOptions { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-12 });
        Tensor loss = (adjoint.Solve((s, y) => y * Math.Cos(s), Tensor.Scalar(2, DType.Float64), times, []).States * Tensor.From(w, new Shape(3))).Sum();
        double[] y = [.. t.Select(s => 2 * Math.Exp(Math.Sin(s) - Math.Sin(t[0])))];
        double[] expected = [-Math.Cos(t[0]) * ((w[1] * y[1]) + (w[2] * y[2])), w[1] * y[1] * Math.Cos(t[1]), w[2] * y[2] * Math.Cos(t[2])];
        Assert.Equal(expected, Gradient.Of(loss, times).ToArray(), (a, b) => Math.Abs(a - b) < 1e-8);
        Assert.Throws<NotSupportedException>(() => Gradient.Of(loss, times, differentiable: true));
    }

    [Fact]
    public void Gradient_WhereOneParameterOfTheStartIsOneOfTheField_AddsBothPaths()
    {
        // y = θ exp(θ t): dy/dθ = (1 + θ t) exp(θ t), and d²y/dθ² = (2 t + θ t²) exp(θ t).
        const double Theta = 0.4, End = 1.5;
        Tensor theta = Tensor.From([Theta], new Shape(1)).Track();
        Tensor y = new AdjointMethod(new OdeOptions { Step = 0.02 }).Solve((_, y) => theta * y, theta * 1.0, [0, End], [theta]).States.At(0, 1);
        Tensor first = Gradient.Of(y, theta, differentiable: true);
        Assert.Equal((1 + (Theta * End)) * Math.Exp(Theta * End), first.ToScalar(), 1e-8);
        Assert.Equal(((2 * End) + (Theta * End * End)) * Math.Exp(Theta * End), Gradient.Of(first, theta).ToScalar(), 1e-8);
    }

    [Fact]
    public void Gradient_ByTheAdjoint_HoldsNoStepsInMemory()
    {
        Tensor[] x = [.. Points().Select(p => p.Track())];
        Assert.Equal(Buffers(0.1), Buffers(0.001));
        Assert.True(BuffersThrough(0.01) > 3 * Buffers(0.01));

        int Buffers(double step) => Count(() => new AdjointMethod(new OdeOptions { Step = step }).Solve((t, y) => Field(t, y, x[1], x[2]), x[0], Times, [x[1], x[2]]).States);
        int BuffersThrough(double step) => Count(() => new OdeSolver(new OdeOptions { Step = step }).Solve((t, y) => Field(t, y, x[1], x[2]), x[0], Times).States);

        int Count(Func<Tensor> solve)
        {
            using var scope = new TensorScope();
            int before = TensorScope.OutstandingBuffers;
            Gradient.Of(Tensor.Square(solve()).Sum(), x);
            return TensorScope.OutstandingBuffers - before;
        }
    }

    [Fact]
    public void Gradient_WhereTheWayBackFails_Throws()
    {
        bool fails = false;
        Tensor start = Tensor.Ones(new Shape(1), DType.Float64).Track();
        OdeResult result = new AdjointMethod().Solve((_, y) => y * (fails ? double.NaN : -1), start, [0, 1], []);
        Assert.True(result.Outcome.IsCompleted);
        fails = true;
        OdeException error = Assert.Throws<OdeException>(() => Gradient.Of(result.States.Sum(), start));
        Assert.Equal(OdeStop.NotFinite, error.Outcome.StopReason);
        Assert.Contains("t = 1: NotFinite", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_AtFixedSteps_CanBeReplayed(bool byAdjoint)
    {
        Tensor[] points = Points();
        var weight = new Parameter(points[1]);
        Replay? replay = Replay.Record(() => Compute(weight.Value), out string? obstacle);
        Assert.True(replay is not null, obstacle);
        Tensor moved = points[1] * 1.1;
        weight.Assign(moved);
        replay.Run();
        IReadOnlyList<Tensor> expected = Compute(moved.Track());
        Assert.Equal(expected[0].ToArray(), replay.Outputs[0].ToArray());
        Assert.Equal(expected[1].ToArray(), replay.Outputs[1].ToArray());

        Replay.Record(() => [new OdeSolver().Solve((_, y) => -y, points[0], [0, 1]).States], out obstacle);
        Assert.NotNull(obstacle);

        IReadOnlyList<Tensor> Compute(Tensor w)
        {
            Tensor F(double t, Tensor y) => Field(t, y, w, points[2]);
            OdeResult result = byAdjoint ? new AdjointMethod(Fixed).Solve(F, points[0], Times, [w]) : new OdeSolver(Fixed).Solve(F, points[0], Times);
            return [result.States, Gradient.Of(Tensor.Square(result.States).Sum(), w)];
        }
    }

    [Theory]
    [InlineData(SymplecticMethod.VelocityVerlet)]
    [InlineData(SymplecticMethod.Yoshida4)]
    public void Gradient_ThroughSymplecticSteps_MatchesCentralDifferences(SymplecticMethod method)
    {
        var solver = new SymplecticSolver(new SymplecticOptions { Method = method, Step = 0.1 });
        Tensor q = Tensor.Uniform(-1, 1, new Rng(5), new Shape(3, 2), DType.Float64), p = Tensor.Uniform(-1, 1, new Rng(6), new Shape(3, 2), DType.Float64);
        GradientCheck.Outcome outcome = GradientCheck.Run(
            x =>
            {
                HamiltonianResult result = solver.Solve(v => v * x[3], q => -Tensor.Sin(q * x[2]), x[0], x[1], Times);
                return Tensor.Concat([result.Q, result.P]);
            },
            [q, p, Tensor.From([1.2, 0.7], new Shape(2)), Tensor.Scalar(0.8, DType.Float64)], new Rng(7));
        Assert.True(outcome.First < 1e-8 && outcome.Second < 1e-8, $"{outcome}");
    }

    private static Tensor Field(double t, Tensor y, Tensor w, Tensor b) => Tensor.Tanh(Tensor.MatMul(y, w)) + (b * Math.Sin(3 * t));

    private static Tensor[] Points() =>
    [
        Tensor.Uniform(-1, 1, new Rng(8), new Shape(4, 2), DType.Float64),
        Tensor.Uniform(-1, 1, new Rng(9), new Shape(2, 2), DType.Float64),
        Tensor.Uniform(-1, 1, new Rng(10), new Shape(2), DType.Float64),
    ];
}
