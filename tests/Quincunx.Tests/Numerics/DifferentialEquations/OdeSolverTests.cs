using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.DifferentialEquations;

public sealed class OdeSolverTests
{
    // dx/dt = -0.1 x - 2 y, dy/dt = 2 x - 0.1 y: a spiral, exp(-0.1 t) times a rotation by 2 t.
    private static readonly double[] Times = [0, 0.3, 1, 2.5, 6];

    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-7)]
    [InlineData(1e-10)]
    public void Solve_LinearSystem_MeetsTheTolerance(double tolerance)
    {
        double[] states = new double[Times.Length * 2];
        OdeOutcome outcome = new OdeSolver(new OdeOptions { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance }).Solve(Spiral, [1, 0.5], Times, states);

        Assert.Equal((OdeStop.Completed, Times.Length, 6.0), (outcome.StopReason, outcome.Reached, outcome.LastTime));
        for (int i = 0; i < Times.Length; i++)
        {
            (double x, double y) = Exact(Times[i]);
            Assert.Equal(x, states[2 * i], 20 * tolerance);
            Assert.Equal(y, states[(2 * i) + 1], 20 * tolerance);
        }
    }

    [Fact]
    public void Solve_ThereAndBack_ReturnsToTheStart()
    {
        var solver = new OdeSolver(new OdeOptions { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-11 });
        double[] there = new double[4], back = new double[4];
        Assert.True(solver.Solve(Spiral, [1, 0.5], [0, 3], there).IsCompleted);
        Assert.True(solver.Solve(Spiral, there.AsSpan(2), [3, 0], back).IsCompleted);
        Assert.Equal(1, back[2], 1e-9);
        Assert.Equal(0.5, back[3], 1e-9);
    }

    [Fact]
    public void Solve_TensorsAndSpans_GiveTheSameBits()
    {
        foreach (OdeOptions options in new OdeOptions[] { new(), new() { Method = RungeKuttaMethod.RungeKutta4, Step = 0.07 }, new() { Method = RungeKuttaMethod.Euler, Step = 0.01 } })
        {
            double[] states = new double[Times.Length * 2];
            OdeOutcome plain = new OdeSolver(options).Solve(Spiral, [1, 0.5], Times, states);
            int before = TensorScope.OutstandingBuffers;
            using (new TensorScope())
            {
                OdeResult result = new OdeSolver(options with { KeepDense = true }).Solve((_, y) => SpiralOf(y), Tensor.From([1.0, 0.5], new Shape(2)), Times);
                Assert.Equal(states, result.States.ToArray());
                Assert.Equal(plain with { Evaluations = 0 }, result.Outcome with { Evaluations = 0 });
                Assert.Equal(new double[] { 1, 0.5 }, result.Dense!.At(0).ToArray());
                Assert.Equal(states[^2..], result.Dense.At(6).ToArray());
                Assert.Equal(states[4..6], result.Dense.At(1).ToArray());
                Assert.Throws<ArgumentOutOfRangeException>(() => result.Dense.At(6.1));
                Assert.Throws<ArgumentOutOfRangeException>(() => result.Dense.At(double.NaN));
            }

            Assert.Equal(before, TensorScope.OutstandingBuffers);
        }
    }

    [Fact]
    public void Solve_ABatch_SolvesEachRow()
    {
        // Rows decay at their own rates, in float32 as well.
        Tensor rates = Tensor.Uniform(0.5, 2, new Rng(1), new Shape(100, 1), DType.Float64), start = Tensor.Uniform(0.5, 1, new Rng(2), new Shape(100, 3), DType.Float64);
        double[] exact = (start * Tensor.Exp(-rates)).ToArray();
        foreach ((DType dtype, double tolerance) in new[] { (DType.Float64, 1e-6), (DType.Float32, 2e-6) })
        {
            using var scope = new TensorScope();
            Tensor r = rates.To(dtype);
            OdeResult result = new OdeSolver().Solve((_, y) => -r * y, start.To(dtype), [0, 1]);
            Assert.Equal(new Shape(2, 100, 3), result.States.Shape);
            double[] found = result.States.At(0, 1).ToArray();
            Assert.True(exact.Zip(found, (a, b) => Math.Abs(a - b)).Max() < tolerance);
        }
    }

    [Fact]
    public void Solve_FastDecayToASlowSolution_TakesTheStepsThatStabilityAsksFor()
    {
        // dy/dt = -300 (y - cos t) - sin t, y = cos t + exp(-300 t). Explicit methods may not step beyond about 3.3 / 300.
        double[] y = new double[2];
        OdeOutcome outcome = new OdeSolver().Solve((t, y, slope) => slope[0] = (-300 * (y[0] - Math.Cos(t))) - Math.Sin(t), [2], [0, 3], y);
        Assert.True(outcome.IsCompleted && outcome.Steps is > 250 and < 1500, $"{outcome}");
        Assert.Equal(Math.Cos(3), y[1], 1e-5);
    }

    [Fact]
    public void Solve_BeyondASingularity_StopsThere()
    {
        // dy/dt = y², y = 1 / (1 - t).
        double[] y = new double[3];
        OdeOutcome outcome = new OdeSolver().Solve((_, y, slope) => slope[0] = y[0] * y[0], [1], [0, 0.5, 2], y);
        Assert.Contains(outcome.StopReason, new[] { OdeStop.StepUnderflow, OdeStop.NotFinite });
        Assert.Equal((2, 1.0), (outcome.Reached, Math.Round(outcome.LastTime, 6)));
        Assert.Equal(2, y[1], 1e-4);
        Assert.True(double.IsNaN(y[2]));

        OdeResult tensors = new OdeSolver(new OdeOptions { Method = RungeKuttaMethod.Euler, Step = 0.01 }).Solve((_, y) => y * y, Tensor.Ones(new Shape(1), DType.Float64), [0, 0.5, 2]);
        Assert.Equal((OdeStop.NotFinite, 2), (tensors.Outcome.StopReason, tensors.Outcome.Reached));
        Assert.Equal(new Shape(2, 1), tensors.States.Shape);
    }

    [Fact]
    public void Solve_WhatCannotGoOn_SaysWhy()
    {
        double[] y = new double[2];
        Assert.Equal(OdeStop.MaxSteps, new OdeSolver(new OdeOptions { MaxSteps = 3 }).Solve(Oscillation, [1], [0, 100], y).StopReason);
        Assert.Equal(OdeStop.MaxSteps, new OdeSolver(new OdeOptions { MaxSteps = 3, Step = 0.1 }).Solve(Oscillation, [1], [0, 1], y).StopReason);
        Assert.Equal(OdeStop.NotFinite, new OdeSolver().Solve((_, _, slope) => slope[0] = double.NaN, [1], [0, 1], y).StopReason);
        Assert.Equal(OdeStop.NotFinite, new OdeSolver().Solve((t, _, slope) => slope[0] = Math.Sqrt(0.5 - t), [1], [0, 1], y).StopReason);
        Assert.Equal(OdeStop.NotFinite, new OdeSolver().Solve(Oscillation, [double.PositiveInfinity], [0, 1], y).StopReason);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new OdeSolver().Solve(Oscillation, [1], [0, 1], y, cancelled.Token));
        static void Oscillation(double t, ReadOnlySpan<double> y, Span<double> slope) => slope[0] = Math.Cos(50 * t) * y[0];
    }

    [Fact]
    public void Solve_WithMistakes_Throws()
    {
        Tensor start = Tensor.Ones(new Shape(2), DType.Float64);
        var solver = new OdeSolver();
        Assert.Throws<ArgumentException>(() => solver.Solve((_, y) => y, start, [0]));
        Assert.Throws<ArgumentException>(() => solver.Solve((_, y) => y, start, [0, 1, 1]));
        Assert.Throws<ArgumentException>(() => solver.Solve((_, y) => y, start, [0, 1, 0.5]));
        Assert.Throws<ArgumentException>(() => solver.Solve((_, y) => y, start, [0, double.NaN]));
        ShapeException error = Assert.Throws<ShapeException>(() => solver.Solve((_, y) => y.Sum(), start, [0, 1]));
        Assert.Contains("[2] and []", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => solver.Solve((_, y) => y.To(DType.Float32), start, [0, 1]));
        Assert.Throws<ArgumentException>(() => solver.Solve(Spiral, [1, 2], [0, 1], new double[3]));
        Assert.Throws<ArgumentException>(() => new OdeSolver(new OdeOptions { Method = RungeKuttaMethod.RungeKutta4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OdeSolver(new OdeOptions { RelativeTolerance = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OdeSolver(new OdeOptions { Step = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SymplecticSolver(new SymplecticOptions { Step = -1 }));
        Assert.Throws<ArgumentException>(() => new AdjointMethod(new OdeOptions { KeepDense = true }));
    }

    [Fact]
    public void Solve_OverSpans_AllocatesNothingForAStep()
    {
        double[] y = new double[4];
        Solve(0.01);
        long few = Solve(0.01), many = Solve(0.0001);
        Assert.Equal(few, many);

        long Solve(double step)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            new OdeSolver(new OdeOptions { Step = step }).Solve(Spiral, [1, 0.5], [0, 1], y);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Solve_KeplerOrbitForLong_KeepsItsEnergyWhereTheMethodIsSymplectic()
    {
        const int Periods = 500;
        double[] times = [.. Enumerable.Range(0, (Periods * 7) + 1).Select(i => Math.Tau * i / 7)];
        foreach ((SymplecticMethod method, double bound) in new[] { (SymplecticMethod.VelocityVerlet, 1e-2), (SymplecticMethod.Yoshida4, 1e-3) })
        {
            (double[] q, double[] p, OdeOutcome outcome) = KeplerOrbit.Solve(new SymplecticOptions { Method = method, Step = Math.Tau / 70 }, times);
            Assert.True(outcome.IsCompleted && outcome.Steps == 70 * Periods);
            double early = Drift(q, p, 0, 350), late = Drift(q, p, times.Length - 350, times.Length);
            Assert.True(early < bound && late < 1.2 * early, $"{method}: {early:E2}, {late:E2}");
        }

        // The classical method loses energy steadily.
        double[] states = new double[4 * times.Length], qs = new double[2 * times.Length], ps = new double[2 * times.Length];
        new OdeSolver(new OdeOptions { Method = RungeKuttaMethod.RungeKutta4, Step = Math.Tau / 70 }).Solve(
            (_, y, slope) =>
            {
                y[2..].CopyTo(slope);
                KeplerOrbit.Force(y, slope[2..]);
            },
            [.. KeplerOrbit.StartQ, .. KeplerOrbit.StartP], times, states);
        for (int i = 0; i < times.Length; i++)
        {
            states.AsSpan(4 * i, 2).CopyTo(qs.AsSpan(2 * i));
            states.AsSpan((4 * i) + 2, 2).CopyTo(ps.AsSpan(2 * i));
        }

        Assert.True(Drift(qs, ps, times.Length - 350, times.Length) > 5 * Drift(qs, ps, 0, 350));

        static double Drift(double[] q, double[] p, int from, int to)
        {
            double start = KeplerOrbit.Energy(KeplerOrbit.StartQ, KeplerOrbit.StartP);
            return Enumerable.Range(from, to - from).Max(i => Math.Abs(KeplerOrbit.Energy(q.AsSpan(2 * i), p.AsSpan(2 * i)) - start));
        }
    }

    [Fact]
    public void Symplectic_TensorsAndSpans_GiveTheSameBitsAndTimeRunsBackwards()
    {
        double[] q = new double[2 * 3], p = new double[2 * 3], back = new double[4], backP = new double[4], times = [0, 0.71, 2];
        var solver = new SymplecticSolver(new SymplecticOptions { Method = SymplecticMethod.Yoshida4, Step = 0.01 });
        OdeOutcome plain = solver.Solve((p, v) => p.CopyTo(v), (q, f) => (f[0], f[1]) = (-q[0], -4 * q[1]), [1, 0.5], [0, 1], times, q, p);
        Tensor stiffness = Tensor.From([-1.0, -4], new Shape(2));
        HamiltonianResult result = solver.Solve(v => v, x => stiffness * x, Tensor.From([1.0, 0.5], new Shape(2)), Tensor.From([0.0, 1], new Shape(2)), times);
        Assert.Equal(q, result.Q.ToArray());
        Assert.Equal(p, result.P.ToArray());
        Assert.Equal(plain.Steps, result.Outcome.Steps);
        Assert.Equal(Math.Cos(2), q[4], 1e-8);

        solver.Solve((p, v) => p.CopyTo(v), (q, f) => (f[0], f[1]) = (-q[0], -4 * q[1]), q.AsSpan(4), p.AsSpan(4), [2, 0], back, backP);
        Assert.Equal(1, back[2], 1e-12);        // the methods are their own inverse but for rounding
        Assert.Equal(1, backP[3], 1e-12);
    }

    private static (double X, double Y) Exact(double t)
    {
        (double sin, double cos) = Math.SinCos(2 * t);
        return (Math.Exp(-0.1 * t) * (cos - (0.5 * sin)), Math.Exp(-0.1 * t) * (sin + (0.5 * cos)));
    }

    private static void Spiral(double t, ReadOnlySpan<double> y, Span<double> slope) =>
        (slope[0], slope[1]) = ((-0.1 * y[0]) + (-2 * y[1]), (2 * y[0]) + (-0.1 * y[1]));

    private static Tensor SpiralOf(Tensor y)
    {
        Tensor a = y.Slice(0, 0, 1), b = y.Slice(0, 1, 1);
        return Tensor.Concat([(a * -0.1) + (b * -2), (a * 2) + (b * -0.1)]);
    }
}
