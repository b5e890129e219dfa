using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class NetworkTests
{
    private static readonly Tensor X = Tensor.Uniform(-1, 1, new Rng(30), new Shape(4, 3), DType.Float64);
    private static readonly Tensor Context = Tensor.Uniform(-1, 1, new Rng(31), new Shape(4, 2), DType.Float64);

    public static TheoryData<Activation> Smooth => [Activation.Elu, Activation.Gelu, Activation.Silu, Activation.Tanh, Activation.Softplus];

    [Fact]
    public void Apply_OfEachActivation_IsItsFormula()
    {
        double[] x = [-2, -0.5, 0, 0.5, 2];
        void Check(Activation activation, Func<double, double> formula) => Assert.Equal(
            x.Select(formula), activation.Apply(Tensor.From(x, new Shape(5))).ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);

        Check(Activation.Relu, v => Math.Max(v, 0));
        Check(Activation.LeakyRelu, v => v > 0 ? v : 0.01 * v);
        Check(Activation.Elu, v => v > 0 ? v : Math.Exp(v) - 1);
        Check(Activation.Gelu, v => v * MathNet.Numerics.Distributions.Normal.CDF(0, 1, v));
        Check(Activation.Silu, v => v / (1 + Math.Exp(-v)));
        Check(Activation.Tanh, Math.Tanh);
        Check(Activation.Softplus, v => Math.Log(1 + Math.Exp(v)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Activation)99).Apply(X));
    }

    [Fact]
    public void Forward_OfMlp_IsTheHandComputedComposition()
    {
        var net = new Mlp(1, [2], 1, new Rng(1), dtype: DType.Float64);
        net.Layers[0].Weight.Assign([1.0, -1]);
        net.Layers[0].Bias.Assign([0.0, 1]);
        net.Layers[1].Weight.Assign([2.0, 3]);
        net.Layers[1].Bias.Assign([0.5]);

        // 2 max(x, 0) + 3 max(1 - x, 0) + 0.5
        Assert.Equal([9.5, 3.5, 4.5], net.Forward(Tensor.From([-2.0, 0, 2], new Shape(3, 1))).ToArray(), (a, b) => a == b || Math.Abs(a - b) < 1e-15);
        Assert.Single(new Mlp(3, [], 2, new Rng(1)).Layers);
    }

    [Theory, MemberData(nameof(Smooth))]
    public void Forward_OfEachNetwork_HasTheGradientsOfCentralDifferences(Activation activation)
    {
        var mlp = new Mlp(3, [4, 5], 2, new Rng(1), activation, dtype: DType.Float64);
        var residual = Residual(new ResidualMlpOptions { Width = 5, Activation = activation, ContextSize = 2, DType = DType.Float64 });
        var norm = new LayerNorm(3, DType.Float64);
        foreach (IModule module in new IModule[] { mlp, residual, norm })
        {
            Parameters.Randomise(module, new Rng(77));
        }

        Parameters.AssertGradients(mlp, () => mlp.Forward(X));
        Parameters.AssertGradients(residual, () => residual.Forward(X, Context));
        Parameters.AssertGradients(norm, () => activation.Apply(norm.Forward(X)));

        // To the inputs, first and second order.
        GradientCheck.Outcome outcome = GradientCheck.Run(
            t => residual.Forward(norm.Forward(t[0]), t[1]) + mlp.Forward(t[0]), [X, Context], new Rng(3));
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");
    }

    [Fact]
    public void Forward_OfResidualMlp_StartsAsTheLinearMapOfItsEnds()
    {
        ResidualMlp deep = Residual(new ResidualMlpOptions { Width = 8, Blocks = 5, DType = DType.Float64 });
        ResidualMlp flat = Residual(new ResidualMlpOptions { Width = 8, Blocks = 0, DType = DType.Float64 });
        ResidualMlp zero = Residual(new ResidualMlpOptions { Width = 8, Output = Initialiser.Zeros, DType = DType.Float64 });

        Assert.Equal(flat.Forward(X).ToArray(), deep.Forward(X).ToArray());
        Assert.All(zero.Forward(X).ToArray(), y => Assert.Equal(0, y));
        Parameters.Randomise(deep, new Rng(5));
        Assert.NotEqual(flat.Forward(X).ToArray(), deep.Forward(X).ToArray());
    }

    [Fact]
    public void Forward_OfResidualMlp_IsTheWrittenFormula()
    {
        ResidualMlp net = Residual(new ResidualMlpOptions { Width = 4, Blocks = 1, ContextSize = 2, Activation = Activation.Tanh, DType = DType.Float64 });
        Parameters.Randomise(net, new Rng(6));
        Dictionary<string, Tensor> w = ParameterTree.Of(net).Entries.ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal);
        Tensor Map(string name, Tensor x) => Tensor.MatMul(x, w[$"{name}.weight"], transposeB: true) + w[$"{name}.bias"];

        Tensor h = Map("first", X) + Map("context", Context);
        h += Map("blocks.0.second", Tensor.Tanh(Map("blocks.0.first", Tensor.Tanh(h))));
        Assert.Equal(Map("last", Tensor.Tanh(h)).ToArray(), net.Forward(X, Context).ToArray(), (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Fact]
    public void Forward_OfResidualMlp_ChecksItsContextAndTakesOneForAllRows()
    {
        var options = new ResidualMlpOptions { Width = 4, DType = DType.Float64 };
        ResidualMlp with = Residual(options with { ContextSize = 2 });
        Tensor one = Tensor.From([0.3, -0.4], new Shape(1, 2)), repeated = one.BroadcastTo(new Shape(4, 2));

        Assert.Throws<ArgumentException>(() => with.Forward(X));
        Assert.Throws<ArgumentException>(() => Residual(options).Forward(X, Context));
        Assert.Equal(with.Forward(X, repeated).ToArray(), with.Forward(X, one).ToArray());
    }

    [Fact]
    public void Forward_WithMasks_IsRandomAndWithoutThemIsNot()
    {
        ResidualMlp net = Residual(new ResidualMlpOptions { Width = 30, DType = DType.Float64 });
        Parameters.Randomise(net, new Rng(5));
        double[] Train(DropoutMasks masks, ulong seed)
        {
            masks.Draw(new Rng(seed));
            using DropoutMasks.Use use = DropoutMasks.Begin(masks);
            return net.Forward(X).ToArray();
        }

        // What is drawn anew is what is drawn for the first time.
        var masks = new DropoutMasks(0.5);
        double[] first = Train(masks, 1);
        Assert.NotEqual(first, Train(masks, 2));
        Assert.Equal(first, Train(masks, 1));
        Assert.Equal(first, Train(new DropoutMasks(0.5), 1));
        Assert.NotEqual(first, net.Forward(X).ToArray());
        Assert.Equal(net.Forward(X).ToArray(), net.Forward(X).ToArray());
        using DropoutMasks.Use again = DropoutMasks.Begin(masks);
        Assert.Throws<InvalidOperationException>(() => net.Forward(X.Slice(0, 0, 1)));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Masks_OfDropout_KeepTheMeanAndTheShare(DType dtype)
    {
        const int Count = 40_000;
        var masks = new DropoutMasks(0.3);
        masks.Draw(new Rng(9));
        using DropoutMasks.Use use = DropoutMasks.Begin(masks);
        double[] y = Dropout.Apply(Tensor.Ones(new Shape(Count), dtype)).ToArray();

        // Binomial: 5 standard errors, false alarm 6e-7.
        Assert.Equal(0.3, y.Count(v => v == 0) / (double)Count, 5 * Math.Sqrt(0.3 * 0.7 / Count));
        Assert.All(y, v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.7)) < 1e-6));
    }

    [Fact]
    public void Forward_OfLayerNorm_HasMeanZeroAndVarianceOne()
    {
        var norm = new LayerNorm(3, DType.Float64);
        double[] y = norm.Forward(Tensor.From([1.0, 2, 6, 5, 5, 5], new Shape(2, 3))).ToArray();

        // Mean 3, variance 14/3, plus 1e-5; a constant row stays zero.
        double sd = Math.Sqrt((14.0 / 3) + 1e-5);
        Assert.Equal([-2 / sd, -1 / sd, 3 / sd, 0, 0, 0], y, (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Zeros(new Shape(2, 4), DType.Float64)));
    }

    private static ResidualMlp Residual(ResidualMlpOptions options) => new(3, 2, options, new Rng(41));
}
