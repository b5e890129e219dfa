using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Optimisation;

public sealed class OptimiserTests
{
    private const int Steps = 25;

    public static TheoryData<string, int> OptimisersAndLengths
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in new[] { "sgd", "nesterov", "adam", "adamw" })
            {
                foreach (int length in new[] { 0, 1, 2, 7, 8, 9, 15, 16, 17, 33 })
                {
                    data.Add(name, length);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(OptimisersAndLengths))]
    public void Step_OnFloat64_FollowsThePublishedRecursion(string name, int length)
    {
        // A matrix and a vector: AdamW decays the first only.
        Parameter[] parameters = [Values(length, 3, "w"), Vector(length)];
        double[][] expected = [.. parameters.Select(p => p.Value.ToArray())];
        var first = new double[2][];
        var second = new double[2][];
        (first[0], first[1]) = (new double[3 * length], new double[length]);
        (second[0], second[1]) = (new double[3 * length], new double[length]);
        IOptimiser optimiser = Create(name, parameters);
        for (int t = 1; t <= Steps; t++)
        {
            Tensor[] gradients = [.. parameters.Select((p, i) => Tensor.Uniform(-1, 1, new Rng(5).Split(t).Split(i), p.Shape, DType.Float64))];
            double rate = 0.1 / t;
            optimiser.Step(gradients, rate);
            for (int p = 0; p < 2; p++)
            {
                double[] g = gradients[p].ToArray();
                for (int i = 0; i < g.Length; i++)
                {
                    Reference(name, t, rate, g[i], decays: p == 0, ref expected[p][i], ref first[p][i], ref second[p][i]);
                }
            }
        }

        for (int p = 0; p < 2; p++)
        {
            // The two orders of the same operations differ by a few roundings a step.
            Assert.Equal(expected[p], parameters[p].Value.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-13);
        }
    }

    [Theory, MemberData(nameof(OptimisersAndLengths))]
    public void Step_OnFloat32_StaysNearFloat64(string name, int length)
    {
        Parameter[] wide = [Values(length, 3, "w")], narrow = [new Parameter(Tensor.From(wide[0].Value.AsSpan<double>(), wide[0].Shape, DType.Float32))];
        IOptimiser a = Create(name, wide), b = Create(name, narrow);
        for (int t = 0; t < Steps; t++)
        {
            Rng rng = new Rng(6).Split(t);
            double[] g = Tensor.Uniform(-1, 1, rng, wide[0].Shape, DType.Float64).ToArray();
            a.Step([Tensor.From(g, wide[0].Shape)], 0.01);
            b.Step([Tensor.From(g, wide[0].Shape, DType.Float32)], 0.01);
        }

        // Weights of order 1 and 25 steps, each rounded to 6e-8.
        Assert.Equal(wide[0].Value.ToArray(), narrow[0].Value.ToArray(), (x, y) => Math.Abs(x - y) < 1e-5);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Import_OfExportedState_ContinuesWithTheSameBits(string name)
    {
        Parameter[] straight = [Values(5, 4, "w")], resumed = [Values(5, 4, "w")];
        IOptimiser one = Create(name, straight), before = Create(name, resumed);
        Run(one, straight, 0, 10);
        Run(before, resumed, 0, 6);
        IOptimiser after = Create(name, resumed);
        after.Import(before.Export());
        Run(after, resumed, 6, 10);

        Assert.Equal(straight[0].Value.ToArray(), resumed[0].Value.ToArray());
    }

    [Fact]
    public void Import_OfAnotherOptimisersState_ThrowsAndChangesNothing()
    {
        Parameter[] parameters = [Values(2, 2, "w")];
        var adam = new Adam(parameters);
        adam.Step([Tensor.Ones(new Shape(2, 2), DType.Float64)], 0.1);
        NamedTensors before = adam.Export();

        Assert.Throws<StateException>(() => adam.Import(new SgdMomentum(parameters).Export()));
        Assert.Throws<StateException>(() => adam.Import(new Adam([Values(2, 3, "w")]).Export()));
        Assert.Equal(before.Get("mean.0").ToArray(), adam.Export().Get("mean.0").ToArray());
        Assert.Equal(1, adam.Export().GetInteger("steps"));
    }

    [Fact]
    public void Step_WithAWrongGradient_Throws()
    {
        var adam = new Adam([Values(2, 2, "w")]);

        Assert.Throws<ArgumentException>(() => adam.Step([], 0.1));
        Assert.Throws<ArgumentException>(() => adam.Step([Tensor.Ones(new Shape(4), DType.Float64)], 0.1));
        Assert.Throws<ArgumentException>(() => adam.Step([Tensor.Ones(new Shape(2, 2), DType.Float32)], 0.1));
    }

    [Fact]
    public void Step_OnceWarm_AllocatesNothing()
    {
        Parameter[] parameters = [Values(40, 40, "w"), Vector(40)];
        Tensor[] gradients = [.. parameters.Select(p => Tensor.Ones(p.Shape, DType.Float64))];
        var buffer = new GradientBuffer(parameters);
        foreach (string name in new[] { "sgd", "nesterov", "adam", "adamw" })
        {
            IOptimiser optimiser = Create(name, parameters);
            Step();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                Step();
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Step()
            {
                buffer.Set(gradients);
                buffer.Add(gradients);
                buffer.Clip(1);
                optimiser.Step(buffer.Values, 1e-3);
            }
        }
    }

    private static Parameter Values(int rows, int columns, string label) =>
        new(Tensor.Uniform(-1, 1, new Rng(4).Split(label), new Shape(rows, columns), DType.Float64));

    private static Parameter Vector(int length) => new(Tensor.Uniform(-1, 1, new Rng(4).Split("v"), new Shape(length), DType.Float64));

    private static void Run(IOptimiser optimiser, Parameter[] parameters, int from, int to)
    {
        for (int t = from; t < to; t++)
        {
            optimiser.Step([Tensor.Uniform(-1, 1, new Rng(7).Split(t), parameters[0].Shape, DType.Float64)], 0.1);
        }
    }

    private static IOptimiser Create(string name, Parameter[] parameters) => name switch
    {
        "sgd" => new SgdMomentum(parameters, 0.8),
        "nesterov" => new SgdMomentum(parameters, 0.8, nesterov: true),
        "adam" => new Adam(parameters),
        _ => new AdamW(parameters, weightDecay: 0.3, new AdamOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6 }),
    };

    // One weight, as the papers write it.
    private static void Reference(string name, int t, double rate, double g, bool decays, ref double w, ref double m, ref double v)
    {
        if (name is "sgd" or "nesterov")
        {
            m = (0.8 * m) + g;
            w -= rate * (name == "sgd" ? m : g + (0.8 * m));
            return;
        }

        (double b1, double b2, double epsilon, double decay) = name == "adam" ? (0.9, 0.999, 1e-8, 0.0) : (0.8, 0.95, 1e-6, decays ? 0.3 : 0);
        m = (b1 * m) + ((1 - b1) * g);
        v = (b2 * v) + ((1 - b2) * g * g);
        double unbiased = m / (1 - Math.Pow(b1, t)), square = v / (1 - Math.Pow(b2, t));
        w = w - (rate * decay * w) - (rate * unbiased / (Math.Sqrt(square) + epsilon));
    }
}
