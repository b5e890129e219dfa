using Quincunx.Inference.Experiments;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Dynamics;

namespace Quincunx.Tests.Physics.Dynamics;

public sealed class HamiltonianTests
{
    public static TheoryData<string> Systems => ["mass-spring", "two-body"];

    [Theory, MemberData(nameof(Systems))]
    public void Field_OfEverySystem_IsHamiltons(string name)
    {
        IHamiltonianSystem system = System(name);
        int n = system.Degrees;
        double[] x = new double[2 * n], slope = new double[2 * n];
        for (int trial = 0; trial < 5; trial++)
        {
            system.DrawTrainingStart(x, new Rng(1).Split(trial));
            system.Field(x, slope);
            for (int i = 0; i < 2 * n; i++)
            {
                double derivative = (At(i, 1e-6) - At(i, -1e-6)) / 2e-6;
                Assert.Equal(derivative, i < n ? -slope[i + n] : slope[i - n], 1e-8);
            }
        }

        double At(int i, double step)
        {
            double[] moved = [.. x];
            moved[i] += step;
            return system.Energy(moved);
        }
    }

    [Theory, MemberData(nameof(Systems))]
    public void Trajectories_OfEverySystem_ConserveEnergyAndNameTheirCoordinates(string name)
    {
        IHamiltonianSystem system = System(name);
        int width = 2 * system.Degrees;
        Assert.Equal(width, system.CoordinateNames.Count);
        double[] start = new double[width], path = new double[system.Testing.Points * width];
        for (int trial = 0; trial < 5; trial++)
        {
            system.DrawTestStart(start, new Rng(2).Split(trial));
            Trajectories.Solve(system, start, system.Testing, path, CancellationToken.None);
            double energy = system.Energy(start);
            Assert.All(Enumerable.Range(0, system.Testing.Points), i => Assert.Equal(energy, system.Energy(path.AsSpan(i * width, width)), 1e-8));
        }
    }

    [Fact]
    public void MassSpring_Trajectory_IsARotation()
    {
        var system = new MassSpring();
        double[] path = new double[30 * 2];
        Trajectories.Solve(system, [0.6, -0.3], system.Training, path, CancellationToken.None);
        double[] times = system.Training.Times();
        Assert.Equal((0.0, 3.0), (times[0], times[^1]));
        for (int i = 0; i < times.Length; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * times[i]);
            Assert.Equal((0.6 * cos) - (0.3 * sin), path[2 * i], 1e-8);
            Assert.Equal((-0.3 * cos) - (0.6 * sin), path[(2 * i) + 1], 1e-8);
        }
    }

    [Fact]
    public void MassSpring_Starts_AreWhereTheySay()
    {
        var system = new MassSpring();
        double[] x = new double[2];
        for (int i = 0; i < 500; i++)
        {
            system.DrawTrainingStart(x, new Rng(3).Split(i));
            Assert.InRange(Math.Sqrt(system.Energy(x)), 0.1, 1);
            system.DrawTestStart(x, new Rng(4).Split(i));
            Assert.All(x, v => Assert.InRange(Math.Abs(v), 0.2, 1));
        }
    }

    // H = T(p) + V(q): the symplectic method's energy error stays bounded over some 15 revolutions, and is the same after five times as many.
    [Fact]
    public void TwoBody_SymplecticSolver_ConservesEnergyOverManyOrbits()
    {
        var system = new TwoBody();
        double[] x = new double[8];
        system.DrawTrainingStart(x, new Rng(5));
        double energy = system.Energy(x);
        var solver = new SymplecticSolver(new SymplecticOptions { Method = SymplecticMethod.Yoshida4, Step = 0.05 });
        double[] worst = [.. new[] { 100.0, 500.0 }.Select(duration =>
        {
            double[] times = [.. Enumerable.Range(0, 101).Select(i => duration * i / 100)], qs = new double[101 * 4], ps = new double[101 * 4], all = new double[8];
            OdeOutcome outcome = solver.Solve((p, v) => p.CopyTo(v), Force, x.AsSpan(0, 4), x.AsSpan(4), times, qs, ps);
            Assert.True(outcome.IsCompleted);
            return Enumerable.Range(0, 101).Max(i =>
            {
                qs.AsSpan(i * 4, 4).CopyTo(all);
                ps.AsSpan(i * 4, 4).CopyTo(all.AsSpan(4));
                return Math.Abs(system.Energy(all) - energy);
            });
        })];
        Assert.InRange(worst[0], 0, 1e-5);
        Assert.InRange(worst[1] / worst[0], 0, 3);

        void Force(ReadOnlySpan<double> q, Span<double> force)
        {
            Span<double> state = stackalloc double[8], slope = stackalloc double[8];
            q.CopyTo(state);
            system.Field(state, slope);
            slope[4..].CopyTo(force);
        }
    }

    [Fact]
    public void Network_Field_IsHamiltonsOfItsEnergy()
    {
        var network = new HamiltonianNetwork(2, 7, new Rng(1), DType.Float64);
        double[] x = [.. Tensor.Normal(0, 1, new Rng(2), new Shape(4, 3), DType.Float64).ToArray()];
        double[] field = network.Field(Tensor.From(x, new Shape(4, 3)), differentiable: false).ToArray();
        for (int column = 0; column < 3; column++)
        {
            for (int i = 0; i < 4; i++)
            {
                double derivative = (At(i, 1e-6) - At(i, -1e-6)) / 2e-6;
                Assert.Equal(derivative, i < 2 ? -field[((i + 2) * 3) + column] : field[((i - 2) * 3) + column], 1e-8);
            }

            double At(int i, double step)
            {
                double[] moved = [.. x];
                moved[(i * 3) + column] += step;
                return network.Energy(Tensor.From(moved, new Shape(4, 3))).ToArray()[column];
            }
        }
    }

    [Fact]
    public void Network_FieldWhileNothingIsRecorded_IsTheSame()
    {
        var network = new HamiltonianNetwork(1, 5, new Rng(1), DType.Float64);
        Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(2, 4), DType.Float64);
        double[] usual = network.Field(x, differentiable: false).ToArray();
        using (Recording.Off())
        {
            Assert.Equal(usual, network.Field(x, differentiable: false).ToArray());
            Assert.False(Recording.IsOn);
        }
    }

    [Fact]
    public void Network_LossOfTheField_HasTheRightGradientInTheWeights()
    {
        var network = new HamiltonianNetwork(1, 5, new Rng(1), DType.Float64);
        Tensor x = Tensor.Normal(0, 1, new Rng(2), new Shape(2, 6), DType.Float64), wanted = Tensor.Normal(0, 1, new Rng(3), new Shape(2, 6), DType.Float64);
        Tensor Loss() => Tensor.Square(network.Field(x, differentiable: true) - wanted).Sum();
        Parameter[] parameters = [.. ParameterTree.Of(network).Trained];
        Tensor[] gradients = Gradient.Of(Loss(), [.. parameters.Select(p => p.Value)]);
        for (int p = 0; p < parameters.Length; p++)
        {
            double[] weights = parameters[p].Value.ToArray(), gradient = gradients[p].ToArray();
            for (int i = 0; i < weights.Length; i++)
            {
                double[] other = [.. weights];
                other[i] += 1e-6;
                parameters[p].Assign(other);
                double above = Loss().ToScalar();
                other[i] -= 2e-6;
                parameters[p].Assign(other);
                double below = Loss().ToScalar();
                parameters[p].Assign(weights);
                Assert.Equal((above - below) / 2e-6, gradient[i], 1e-6 * (1 + Math.Abs(gradient[i])));
            }
        }
    }

    [Fact]
    public void Network_ItsOwnTrajectories_ConserveItsEnergy()
    {
        var network = new HamiltonianNetwork(1, 20, new Rng(1), DType.Float64);
        Tensor starts = Tensor.Normal(0, 0.5, new Rng(2), new Shape(2, 5), DType.Float64);
        Tensor states = Trajectories.Solve(network, starts, new TrajectoryGrid(10, 21), CancellationToken.None);
        Assert.Equal(new Shape(21, 2, 5), states.Shape);
        double[] first = network.Energy(starts).ToArray();
        for (int i = 0; i < 21; i++)
        {
            Assert.All(network.Energy(states.At(0, i)).ToArray().Zip(first), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
        }
    }

    [Fact]
    public void Task_OfBothNetworks_IsReplayedAndEachLearnsAsAlone()
    {
        double[] x = [.. Tensor.Normal(0, 1, new Rng(2), new Shape(40, 2), DType.Float64).ToArray()], slopes = [.. x.Select(v => -v)];
        var networks = new FieldPair(1, 6, new Rng(1), DType.Float32);
        using var step = new TrainingStep(new FieldTask(networks, x, slopes, 2, 1e-3), new TrainingOptions { BatchSize = 40, MinimumChunkRows = 10, ClipNorm = double.PositiveInfinity });
        int[] rows = [.. Enumerable.Range(0, 40)];
        double first = step.Run(rows, new Rng(1), 1e-2).Loss, last = 0;
        for (int i = 0; i < 60; i++)
        {
            last = step.Run(rows, new Rng(1), 1e-2).Loss;
        }

        Assert.Null(step.Obstacle);
        Assert.True(last < first / 2);
    }

    [Fact]
    public void Experiment_ShortTraining_FindsTheEnergyBetterThanNothing()
    {
        var experiment = new HamiltonianExperiment(new HamiltonianOptions { System = new MassSpring(), Trajectories = 20, Noise = 0, Width = 32, Batch = 300, Steps = 400, Tests = 5, LearningRate = 5e-3 });
        var rng = new Rng(1);
        NamedTensors data = experiment.MakeData(rng.Split("data"));
        Assert.Equal(new Shape(600, 2), data.Get("x").Shape);
        ExperimentTraining trained = experiment.Train(data, rng.Split("train"));
        Assert.Equal(400, trained.Training.Steps);
        ExperimentResult result = experiment.Evaluate(data, trained.Weights, rng.Split("evaluate"));
        ExperimentMetric Metric(string name) => result.Metrics.Single(m => m.Name == name);
        Assert.InRange(Metric("energy_mse").Value, 0, 1e-2);
        Assert.InRange(Metric("learned_energy_drift").Value, 0, 1e-6);
        Assert.Throws<StateException>(() => experiment.Evaluate(data, new NamedTensors(), rng));
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        var good = new HamiltonianOptions { System = new MassSpring() };
        Assert.Throws<ArgumentException>(() => new HamiltonianExperiment(good with { Trajectories = 2, TestShare = 0.01 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HamiltonianExperiment(good with { Noise = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HamiltonianExperiment(good with { Tests = 1 }));
    }

    private static IHamiltonianSystem System(string name) => name == "two-body" ? new TwoBody() : new MassSpring();
}
