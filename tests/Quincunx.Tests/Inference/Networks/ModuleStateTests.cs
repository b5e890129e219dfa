using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class ModuleStateTests
{
    [Fact]
    public void Export_OfNestedModules_NamesEveryArrayByPath()
    {
        ResidualMlp net = Net(1);

        Assert.Equal(
            [
                "first.weight", "first.bias", "blocks.0.first.weight", "blocks.0.first.bias", "blocks.0.second.weight",
                "blocks.0.second.bias", "blocks.1.first.weight", "blocks.1.first.bias", "blocks.1.second.weight", "blocks.1.second.bias",
                "last.weight", "last.bias",
            ],
            ModuleState.Export(net).Select(e => e.Key));
        Assert.Equal((3 * 6) + 6 + (4 * (36 + 6)) + 12 + 2, ParameterTree.Of(net).TrainedCount);
    }

    [Fact]
    public void Import_OfExportedState_GivesTheSameFunction()
    {
        ResidualMlp from = Net(1), into = Net(2);
        Parameters.Randomise(from, new Rng(3));
        Tensor x = Tensor.Uniform(-1, 1, new Rng(4), new Shape(5, 3));

        ModuleState.Import(into, ModuleState.Export(from));

        Assert.Equal(from.Forward(x).ToArray(), into.Forward(x).ToArray());
    }

    [Fact]
    public void Export_IsACopy()
    {
        ResidualMlp net = Net(1);
        NamedTensors state = ModuleState.Export(net);
        double[] before = state.Get("first.weight").ToArray();
        Parameters.Randomise(net, new Rng(3));

        Assert.Equal(before, state.Get("first.weight").ToArray());
    }

    [Fact]
    public void Import_OfAnotherModulesState_NamesEveryFaultAndChangesNothing()
    {
        var net = new Linear(3, 2, new Rng(1));
        double[] before = net.Weight.Value.ToArray();
        NamedTensors wrong = new() { { "weight", Tensor.Zeros(new Shape(2, 4)) }, { "gain", Tensor.Zeros(new Shape(2)) } };

        string message = Assert.Throws<StateException>(() => ModuleState.Import(net, wrong)).Message;

        Assert.Contains("'weight' should be Float32[2, 3] and is Float32[2, 4]", message, StringComparison.Ordinal);
        Assert.Contains("'bias' is missing", message, StringComparison.Ordinal);
        Assert.Contains("'gain' is not part of the module", message, StringComparison.Ordinal);
        Assert.Equal(before, net.Weight.Value.ToArray());
        Assert.Throws<StateException>(() => ModuleState.Import(net, ModuleState.Export(new Linear(3, 2, new Rng(1), dtype: DType.Float64))));
    }

    [Fact]
    public void Export_OfConstants_IsPartOfTheState()
    {
        Standardise scale = Standardise.Fit([1.0, 2, 3, 4], 2), other = new(2);

        Assert.Empty(ParameterTree.Of(scale).Trained);
        ModuleState.Import(other, ModuleState.Export(scale));
        Assert.Equal(scale.Mean.ToArray(), other.Mean.ToArray());
        Assert.Equal(scale.Scale.ToArray(), other.Scale.ToArray());
    }

    [Fact]
    public void Add_OfANameOrParameterTwice_Throws()
    {
        var parameter = new Parameter(Tensor.Scalar(1));

        Assert.Throws<ArgumentException>(() => ParameterTree.Of(new Described(t => t.Add("a.b", parameter))));
        Assert.Throws<ArgumentException>(() => ParameterTree.Of(new Described(t =>
        {
            t.Add("a", parameter);
            t.Add("b", parameter);
        })));
        Assert.Throws<ArgumentException>(() => ParameterTree.Of(new Described(t =>
        {
            t.Add("a", parameter);
            t.Add("a", new Parameter(Tensor.Scalar(2)));
        })));
    }

    private static ResidualMlp Net(ulong seed) => new(3, 2, new ResidualMlpOptions { Width = 6 }, new Rng(seed));

    private sealed class Described(Action<ParameterTree> describe) : IModule
    {
        public void Describe(ParameterTree tree) => describe(tree);
    }
}
