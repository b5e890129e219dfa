using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Replays;

public sealed class ReplayTests
{
    // Rows whose operation reads elements or makes tensors from numbers: whether it is refused is part of what is promised.
    private static readonly string[] Refused = ["Sort", "ArgSort", "ArgMax", "ArgMin", "OneHot"];

    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Run_OnNewNumbers_GivesTheBitsOfTheComputation(string name)
    {
        OpCase row = OpCases.Named(name);
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            foreach (int[][] shapes in row.GradientShapes.Take(12))
            {
                Tensor[] first = [.. OpCases.Points(row, shapes).Select(p => p.To(dtype))];
                Tensor[] second = [.. first.Select(p => Tensor.From([.. p.ToArray().Reverse()], p.Shape, dtype))];
                Parameter[] inputs = [.. first.Select(p => new Parameter(p))];
                Replay? replay = Replay.Record(() => WithDerivatives(row, [.. inputs.Select(p => p.Value)]), out string? obstacle);
                if (Refused.Contains(name.Split(':')[0]))
                {
                    Assert.NotNull(obstacle);
                    Assert.Null(replay);
                    continue;
                }

                Assert.Null(obstacle);
                AssertSameBits(WithDerivatives(row, [.. first.Select(p => p.Track())]), replay!.Outputs, name);
                foreach ((Parameter input, Tensor values) in inputs.Zip(second))
                {
                    input.Assign(values);
                }

                replay.Run();
                AssertSameBits(WithDerivatives(row, [.. second.Select(p => p.Track())]), replay.Outputs, name);
            }
        }
    }

    [Fact]
    public void Run_ManyTimes_AllocatesNothing()
    {
        Replay replay = Network(rows: 37, out _);
        replay.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            replay.Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Record_Network_PlansLittleMoreThanWhatLives()
    {
        Replay replay = Network(rows: 64, out _);
        Assert.InRange(replay.PlannedBytes, replay.LiveBytes, 1.5 * replay.LiveBytes);
    }

    [Fact]
    public void Run_AfterParametersChanged_SeesThem()
    {
        Replay replay = Network(rows: 8, out Parameter[] weights);
        double before = replay.Outputs[0].ToScalar();
        foreach (Parameter w in weights)
        {
            w.Assign([.. w.Value.ToArray().Select(v => v * 1.5)]);
        }

        replay.Run();
        Assert.NotEqual(before, replay.Outputs[0].ToScalar());
    }

    [Fact]
    public void Record_ElementsReadOnTheWay_IsRefused()
    {
        Tensor x = Tensor.Ones(new Shape(3)).Track();
        Assert.Null(Replay.Record(() => [x * x.Sum().ToScalar()], out string? read));
        Assert.Contains("read", read, StringComparison.Ordinal);
        Assert.Null(Replay.Record(() => [x + Tensor.From([1.0, 2, 3], new Shape(3), DType.Float32)], out string? made));
        Assert.Contains("numbers", made, StringComparison.Ordinal);
        var cell = new Parameter(Tensor.Zeros(new Shape(3)), isTrained: false);
        Assert.Null(Replay.Record(
            () =>
            {
                cell.Assign(x * 2);
                return [cell.Value + 1];
            },
            out string? assigned));
        Assert.Contains("copied", assigned, StringComparison.Ordinal);
        Assert.Null(Replay.Record(() => [x + Tensor.Uniform(0, 1, new Rng(1), new Shape(3))], out string? drawn));
        Assert.NotNull(drawn);
    }

    [Fact]
    public void Record_ComputationThrows_LeavesTheThreadAsItWas()
    {
        Assert.Throws<InvalidOperationException>(() => Replay.Record(() => throw new InvalidOperationException("inside"), out _));
        Tensor x = Tensor.Ones(new Shape(2));
        Assert.NotNull(Replay.Record(() => [x + x], out string? obstacle));
        Assert.Null(obstacle);
        Assert.Equal(0, TensorScope.OutstandingBuffers);
    }

    [Fact]
    public void Record_WithinARecording_Throws() => Assert.Throws<InvalidOperationException>(
        () => Replay.Record(() => Replay.Record(() => [Tensor.Ones(new Shape(1))], out _)!.Outputs, out _));

    [Fact]
    public void Record_ResultsOfInnerScopes_AreReplayed()
    {
        var x = new Parameter(Tensor.Full(new Shape(5), 2), isTrained: false);
        Replay replay = Replay.Record(
            () =>
            {
                using var scope = new TensorScope();
                return [scope.Keep(Tensor.Exp(x.Value * 0.5) + 1)];
            },
            out _)!;
        x.Assign(Tensor.Zeros(new Shape(5)));
        replay.Run();
        Assert.All(replay.Outputs[0].ToArray(), v => Assert.Equal(2, v));
    }

    [Fact]
    public void Record_OutputThatNoKernelWrote_StaysWhatItIs()
    {
        var x = new Parameter(Tensor.Full(new Shape(2), 3), isTrained: false);
        Replay replay = Replay.Record(() => [x.Value, x.Value.Reshape(2, 1)], out _)!;
        Assert.Equal(0, replay.Kernels);
        x.Assign(Tensor.Ones(new Shape(2)));
        Assert.Equal([1.0, 1], replay.Outputs[1].ToArray());
    }

    [Fact]
    public void Record_InSharedMemory_EachRunGivesItsOwn()
    {
        var memory = new ReplayMemory();
        var x = new Parameter(Tensor.Full(new Shape(5), 2), isTrained: false);
        var y = new Parameter(Tensor.Full(new Shape(700), 3), isTrained: false);
        Replay small = Replay.Record(() => [Tensor.Square(x.Value) + 1, Tensor.Square(x.Value) * 2], memory, out _)!;
        Replay large = Replay.Record(() => [Tensor.Square(y.Value) + 1], memory, out _)!;
        for (int i = 0; i < 3; i++)
        {
            x.Assign(Tensor.Full(new Shape(5), i));
            y.Assign(Tensor.Full(new Shape(700), i + 10));
            small.Run();
            Assert.All(small.Outputs[0].ToArray(), v => Assert.Equal((i * i) + 1, v));
            Assert.All(small.Outputs[1].ToArray(), v => Assert.Equal(2 * i * i, v));
            large.Run();
            Assert.All(large.Outputs[0].ToArray(), v => Assert.Equal(((i + 10) * (i + 10)) + 1, v));
        }
    }

    [Fact]
    public void OutputsAreApart_WhereOneIsAnotherOrAnInput_IsFalse()
    {
        var x = new Parameter(Tensor.Full(new Shape(5), 2), isTrained: false);
        Tensor Squared() => Tensor.Square(x.Value);
        Assert.True(Replay.Record(() => [Squared(), Squared()], out _)!.OutputsAreApart);
        Assert.False(Replay.Record(() => [Squared(), x.Value], out _)!.OutputsAreApart);
        Assert.False(
            Replay.Record(
                () =>
                {
                    Tensor square = Squared();
                    return [square, square.Reshape(5, 1)];
                },
                out _)!.OutputsAreApart);
    }

    // Value, first derivatives and derivatives of the squared first derivatives.
    private static Tensor[] WithDerivatives(OpCase row, Tensor[] x)
    {
        Tensor y = row.Run(x);
        if (!y.IsTracked)
        {
            return [y];
        }

        Tensor[] first = Gradient.Of(Tensor.Square(y).Sum(), x, differentiable: true);
        Tensor sum = Tensor.Zeros(Shape.Scalar, y.DType);
        foreach (Tensor g in first.Where(g => g.IsTracked))
        {
            sum += Tensor.Square(g).Sum().To(y.DType);
        }

        return sum.IsTracked ? [y, .. first, .. Gradient.Of(sum, x)] : [y, .. first];
    }

    private static Replay Network(int rows, out Parameter[] weights)
    {
        Parameter Draw(int outputs, int inputs, int stream) => new(Tensor.Normal(0, 0.3, new Rng(1).Split(stream), new Shape(outputs, inputs)));
        Parameter[] w = [Draw(32, 4, 1), Draw(32, 32, 2), Draw(32, 32, 3), Draw(1, 32, 4)];
        weights = w;
        var x = new Parameter(Tensor.Normal(0, 1, new Rng(2), new Shape(rows, 4)), isTrained: false);
        return Replay.Record(
            () =>
            {
                Tensor h = x.Value;
                foreach (Parameter layer in w)
                {
                    h = Tensor.Tanh(Tensor.Linear(h, layer.Value, bias: null));
                }

                Tensor loss = Tensor.Square(h).Mean();
                return [loss, .. Gradient.Of(loss, [.. w.Select(p => p.Value)])];
            },
            out _)!;
    }

    private static void AssertSameBits(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual, string name)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Shape, actual[i].Shape);
            Assert.True(
                expected[i].ToArray().Select(BitConverter.DoubleToInt64Bits).SequenceEqual(actual[i].ToArray().Select(BitConverter.DoubleToInt64Bits)),
                $"{name}, output {i}: expected {expected[i]}, got {actual[i]}");
        }
    }
}
