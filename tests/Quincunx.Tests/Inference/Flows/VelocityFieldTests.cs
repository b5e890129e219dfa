using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Tests.Inference.Networks;

namespace Quincunx.Tests.Inference.Flows;

public sealed class VelocityFieldTests
{
    private const int Columns = 4, Context = 2;
    private const double Time = 0.3;

    public static TheoryData<int, int, Activation> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, Activation>();
            foreach (Activation activation in new[] { Activation.Tanh, Activation.Softplus, Activation.Silu })
            {
                foreach (int layers in new[] { 0, 1, 2, 3, 4 })
                {
                    data.Add(3, layers, activation);
                }
            }

            data.Add(1, 2, Activation.Tanh);
            data.Add(1, 3, Activation.Tanh);
            return data;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Divergence_OfANetwork_IsTheTraceOfItsNumericJacobian(int dimension, int layers, Activation activation)
    {
        (VelocityNetwork field, Tensor x, Tensor context) = Case(dimension, layers, activation);
        (Tensor velocity, Tensor divergence) = field.WithDivergence(Time, x, context, noise: null);
        Assert.Equal(field.Velocity(Time, x, context).ToArray(), velocity.ToArray());
        double[] exact = divergence.ToArray();
        for (int column = 0; column < Columns; column++)
        {
            double trace = 0;
            for (int i = 0; i < dimension; i++)
            {
                double[] up = x.ToArray(), down = x.ToArray();
                up[(i * Columns) + column] += 1e-5;
                down[(i * Columns) + column] -= 1e-5;
                trace += (Element(up, i, column) - Element(down, i, column)) / 2e-5;
            }

            Assert.Equal(trace, exact[column], 1e-8);
        }

        double Element(double[] values, int i, int column) => field.Velocity(Time, Tensor.From(values, x.Shape), context).ToArray()[(i * Columns) + column];
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Divergence_ByNoise_HasTheExactOneAsItsMeanOverAllSigns(int dimension, int layers, Activation activation)
    {
        // The mean over Rademacher noise is a sum over 2^d patterns: no statistics needed.
        (VelocityNetwork field, Tensor x, Tensor context) = Case(dimension, layers, activation);
        RecordedField recorded = Recorded(field);
        Tensor mean = Tensor.Zeros(new Shape(Columns), DType.Float64);
        for (int pattern = 0; pattern < 1 << dimension; pattern++)
        {
            Tensor noise = Signs(pattern, dimension);
            Tensor estimate = field.WithDivergence(Time, x, context, noise).Divergence;
            AssertClose(estimate, recorded.WithDivergence(Time, x, context, noise).Divergence);
            mean += estimate / (1 << dimension);
        }

        AssertClose(field.WithDivergence(Time, x, context, noise: null).Divergence, mean);
        AssertClose(mean, recorded.WithDivergence(Time, x, context, noise: null).Divergence);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Divergence_OfBothFields_HasTheGradientsOfCentralDifferences(int dimension, int layers, Activation activation)
    {
        (VelocityNetwork field, Tensor x, Tensor context) = Case(dimension, layers, activation);
        Tensor noise = TraceNoise.Gaussian.Draw(dimension, Columns, new Rng(5), DType.Float64);
        foreach (IVelocityField f in new IVelocityField[] { field, Recorded(field) })
        {
            foreach (Tensor? given in new[] { null, noise })
            {
                Parameters.AssertGradients(f, () => Joined(f.WithDivergence(Time, x, context, given)));
                GradientCheck.Outcome outcome = GradientCheck.Run(t => Joined(f.WithDivergence(Time, t[0], t[1], given)), [x, context], new Rng(6));
                Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");
            }
        }
    }

    [Fact]
    public void WithDivergence_WhereNothingIsRecorded_GivesTheSameNumbers()
    {
        (VelocityNetwork field, Tensor x, Tensor context) = Case(3, 2, Activation.Tanh);
        RecordedField recorded = Recorded(field);
        double[] there = Joined(recorded.WithDivergence(Time, x, context, null)).ToArray();
        using Recording.Pause pause = Recording.Off();
        (Tensor velocity, Tensor divergence) = recorded.WithDivergence(Time, x, context, null);
        Assert.Equal(there, Joined((velocity, divergence)).ToArray());
        Assert.False(velocity.IsTracked || divergence.IsTracked);
    }

    [Fact]
    public void Divergence_OfAFieldThatIsTheSameEverywhere_IsZero()
    {
        var field = new RecordedField(2, (t, x, _) => Tensor.Full(x.Shape, t, DType.Float64));
        Assert.All(field.WithDivergence(1, Tensor.Ones(new Shape(2, 3), DType.Float64), null, null).Divergence.ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Draw_OfTraceNoise_HasUnitCovariance()
    {
        const int N = 40_000;
        foreach ((TraceNoise noise, double variance) in new[] { (TraceNoise.Rademacher, 0.0), (TraceNoise.Gaussian, 2.0) })
        {
            double[] e = noise.Draw(2, N, new Rng(7), DType.Float64).ToArray();
            (double[] a, double[] b) = (e[..N], e[N..]);

            // 5 standard errors of the means: 6e-7. The square of Rademacher noise is 1.
            Assert.Equal(0, a.Average(), 5 / Math.Sqrt(N));
            Assert.Equal(1, a.Average(v => v * v), (5 * Math.Sqrt(variance / N)) + 1e-15);
            Assert.Equal(0, a.Zip(b, (p, q) => p * q).Average(), 5 / Math.Sqrt(N));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ((TraceNoise)9).Draw(2, 2, new Rng(1)));
    }

    [Fact]
    public void VelocityNetwork_WithAKinkOrWithoutItsContext_IsRefused()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => new VelocityNetwork(2, 0, [4], new Rng(1), Activation.Relu));
        Assert.Contains("got Relu", fault.Message, StringComparison.Ordinal);
        var with = new VelocityNetwork(2, 3, [4], new Rng(1));
        Assert.Throws<ArgumentException>(() => with.Velocity(0, Tensor.Zeros(new Shape(2, 5)), null));
        Assert.Throws<ArgumentException>(() => new VelocityNetwork(2, 0, [4], new Rng(1)).Velocity(0, Tensor.Zeros(new Shape(2, 5)), Tensor.Zeros(new Shape(3, 5))));
        Assert.Throws<ShapeException>(() => with.Velocity(0, Tensor.Zeros(new Shape(3, 5)), Tensor.Zeros(new Shape(3, 5))));
        Assert.Throws<ShapeException>(() => new RecordedField(2, (_, x, _) => x.Slice(0, 0, 1)).Velocity(0, Tensor.Zeros(new Shape(2, 5)), null));
    }

    private static (VelocityNetwork Field, Tensor X, Tensor Context) Case(int dimension, int layers, Activation activation)
    {
        var field = new VelocityNetwork(dimension, Context, [.. Enumerable.Range(0, layers).Select(i => 6 - i)], new Rng(1), activation, DType.Float64);
        BijectionCases.Scatter(field, new Rng(2));
        return (field, Tensor.Uniform(-1, 1, new Rng(3), new Shape(dimension, Columns), DType.Float64), Tensor.Uniform(-1, 1, new Rng(4), new Shape(Context, Columns), DType.Float64));
    }

    private static RecordedField Recorded(VelocityNetwork field) => new(field.Dimension, field.Velocity, field);

    private static Tensor Joined((Tensor Velocity, Tensor Divergence) slope) => Tensor.Concat([slope.Velocity, slope.Divergence.Reshape(1, slope.Divergence.Count)]);

    private static Tensor Signs(int pattern, int dimension) =>
        Tensor.From([.. Enumerable.Range(0, dimension * Columns).Select(i => ((pattern >> (i / Columns)) & 1) == 1 ? 1.0 : -1)], new Shape(dimension, Columns));

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).ToArray().Max(Math.Abs) < 1e-12, $"{expected} and {actual}");
}
