using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Lattice;

namespace Quincunx.Tests.Physics.Lattice;

public sealed class LatticeFlowTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Coupling_ThereAndBack_IsTheSameAndLogDetChangesSign(int parity)
    {
        LatticeCoupling coupling = Coupling(parity);
        Tensor x = Noise(5, 4);
        Transformed there = coupling.Forward(x), back = coupling.Inverse(there.Value);
        Assert.All(back.Value.ToArray().Zip(x.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.All(back.LogDet.ToArray().Zip(there.LogDet.ToArray()), pair => Assert.Equal(-pair.Second, pair.First, 1e-12));
        Assert.Contains(there.LogDet.ToArray(), v => Math.Abs(v) > 0.01);

        // Only one colour moves.
        double[] before = x.ToArray(), after = there.Value.ToArray();
        for (int i = 0; i < before.Length; i++)
        {
            int site = i % 16;
            bool moves = ((site / 4) + site) % 2 == parity;
            Assert.Equal(moves, before[i] != after[i]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Coupling_LogDet_IsThatOfTheJacobian(int parity)
    {
        LatticeCoupling coupling = Coupling(parity);
        Tensor x = Noise(1, 4).Track();
        Transformed there = coupling.Forward(x);
        Tensor[] rows = [.. Enumerable.Range(0, 16).Select(i => Gradient.Of(there.Value.Reshape(16).Slice(0, i, 1).Sum(), x).Reshape(16))];
        Tensor determinant = Tensor.LogDeterminant(Tensor.Stack(rows)).LogAbs;
        Assert.Equal(determinant.ToScalar(), there.LogDet.ToScalar(), 1e-10);
    }

    [Fact]
    public void Flow_HasTheSymmetriesOfTheTheory()
    {
        LatticeFlow flow = Flow();
        Tensor noise = Noise(3, 4);
        (Tensor phi, Tensor logProb) = flow.FromNoise(noise);

        (Tensor turned, Tensor same) = flow.FromNoise(-noise);
        AssertEqual(-phi, turned);
        AssertEqual(logProb, same);

        // A step along the diagonal keeps the colours; one along an axis does not.
        static Tensor Diagonal(Tensor x)
        {
            Tensor rows = Tensor.Concat([x.Slice(2, 1), x.Slice(2, 0, 1)], 2);
            return Tensor.Concat([rows.Slice(3, 1), rows.Slice(3, 0, 1)], 3);
        }

        (Tensor moved, Tensor unchanged) = flow.FromNoise(Diagonal(noise));
        AssertEqual(Diagonal(phi), moved);
        AssertEqual(logProb, unchanged);
    }

    [Fact]
    public void Flow_BothDirections_GiveOneDensity()
    {
        LatticeFlow flow = Flow();
        Tensor noise = Noise(4, 4);
        (Tensor phi, Tensor logProb) = flow.FromNoise(noise);
        (Tensor back, Tensor again) = flow.ToNoise(phi);
        AssertEqual(noise, back);
        AssertEqual(logProb, again);
    }

    [Fact]
    public void Divergence_Value_IsTheMeanOverDraws()
    {
        LatticeFlow flow = Flow();
        var action = new PhiFourAction(4, -1, 2);
        var task = new ReverseDivergence(flow, action, rows: 40);
        int[] rows = [.. Enumerable.Range(0, 40)];
        double training = task.Loss(rows, Mode.Training, new Rng(9)).ToScalar(), evaluation = task.Loss(rows, Mode.Evaluation, new Rng(9)).ToScalar();
        Assert.Equal(evaluation, training, 1e-9 * Math.Abs(evaluation));
    }

    // The gradient is that of the fields' motion through the density as it stands: log q is evaluated by a second flow whose weights do not move.
    [Fact]
    public void Divergence_PathGradient_MatchesDifferencesAtAFixedDensity()
    {
        LatticeFlow flow = Flow(), fixedFlow = Flow();
        var action = new PhiFourAction(4, -1, 2);
        var task = new ReverseDivergence(flow, action, rows: 8);
        int[] rows = [.. Enumerable.Range(0, 8)];
        Parameter[] parameters = [.. ParameterTree.Of(flow).Trained];
        Tensor[] gradients = Gradient.Of(task.Loss(rows, Mode.Training, new Rng(9)), [.. parameters.Select(p => p.Value)]);
        double[] numbers = new double[8 * 16];
        new Rng(9).FillNormal(numbers);
        var noise = Tensor.From(numbers, new Shape(8, 1, 4, 4));
        int compared = 0;
        for (int p = 0; p < parameters.Length; p++)
        {
            double[] weights = parameters[p].Value.ToArray();
            foreach (int i in new[] { 0, weights.Length - 1 }.Distinct())
            {
                double difference = (At(p, i, 1e-5) - At(p, i, -1e-5)) / 2e-5;
                Assert.Equal(difference, gradients[p].ToArray()[i], 1e-6 * (1 + Math.Abs(difference)));
                compared++;
            }

            double At(int parameter, int index, double step)
            {
                double[] other = [.. weights];
                other[index] += step;
                parameters[parameter].Assign(other);
                Tensor phi = flow.FromNoise(noise).Phi;
                double value = (fixedFlow.ToNoise(phi).LogProb + action.Of(phi)).Sum().ToScalar();
                parameters[parameter].Assign(weights);
                return value;
            }
        }

        Assert.True(compared >= 16);
    }

    [Fact]
    public void Divergence_Steps_AreReplayed()
    {
        var flow = new LatticeFlow(4, 2, [3], 3, new Rng(1));
        using var step = new TrainingStep(new ReverseDivergence(flow, new PhiFourAction(4, -1, 2), rows: 64), new TrainingOptions { BatchSize = 64, MinimumChunkRows = 16 });
        int[] rows = [.. Enumerable.Range(0, 64)];
        for (int i = 0; i < 5; i++)
        {
            Assert.True(step.Run(rows, new Rng((ulong)i), 1e-3).IsTaken);
        }

        Assert.Null(step.Obstacle);
        Assert.True(step.Replays > 0);
    }

    [Fact]
    public void Coupling_SizesThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new LatticeCoupling(5, 0, [4], 3, new Rng(1)));
        Assert.Throws<ArgumentException>(() => new LatticeCoupling(4, 0, [4], 2, new Rng(1)));
        Assert.Throws<ArgumentException>(() => new LatticeCoupling(4, 0, [], 3, new Rng(1)));
        Assert.Throws<ArgumentException>(() => new LatticeCoupling(4, 2, [4], 3, new Rng(1)));
        Assert.Throws<ShapeException>(() => Coupling(0).Forward(Noise(1, 6)));
    }

    private static LatticeCoupling Coupling(int parity)
    {
        var coupling = new LatticeCoupling(4, parity, [5, 3], 3, new Rng(1), DType.Float64);
        Disturb(coupling);
        return coupling;
    }

    private static LatticeFlow Flow()
    {
        var flow = new LatticeFlow(4, 4, [4, 3], 3, new Rng(1), DType.Float64);
        Disturb(flow);
        return flow;
    }

    // Away from the identity that it starts at.
    private static void Disturb(IModule module)
    {
        int index = 0;
        foreach (Parameter parameter in ParameterTree.Of(module).Trained)
        {
            parameter.Assign(Tensor.Normal(0, 0.3, new Rng(8).Split(index++), parameter.Shape, DType.Float64));
        }
    }

    private static Tensor Noise(int count, int size) => Tensor.Normal(0, 1, new Rng(5), new Shape(count, 1, size, size), DType.Float64);

    private static void AssertEqual(Tensor expected, Tensor actual) => Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
}
