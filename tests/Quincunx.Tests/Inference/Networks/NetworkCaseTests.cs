using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>What every layer of the table has to hold.</summary>
public sealed class NetworkCaseTests
{
    [Theory, MemberData(nameof(NetworkCases.Names), MemberType = typeof(NetworkCases))]
    public void Forward_HasTheGradientsOfCentralDifferences(string name)
    {
        NetworkCase row = NetworkCases.Named(name);
        IModule module = row.Random(DType.Float64, 1);
        Tensor[] x = row.Points(DType.Float64, 2);
        Parameters.AssertGradients(module, () => row.Forward(module, x));

        GradientCheck.Outcome outcome = GradientCheck.Run(t => row.Forward(module, t), x, new Rng(3));
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{name}: {outcome}");
    }

    [Theory, MemberData(nameof(NetworkCases.Names), MemberType = typeof(NetworkCases))]
    public void Import_OfExportedState_GivesTheSameFunction(string name)
    {
        NetworkCase row = NetworkCases.Named(name);
        IModule from = row.Random(DType.Float32, 1), into = row.Create(DType.Float32, new Rng(9));
        Tensor[] x = row.Points(DType.Float32, 2);
        Assert.NotEqual(row.Forward(from, x).ToArray(), row.Forward(into, x).ToArray());

        ModuleState.Import(into, ModuleState.Export(from));

        Assert.Equal(row.Forward(from, x).ToArray(), row.Forward(into, x).ToArray());
    }

    [Theory, MemberData(nameof(NetworkCases.Names), MemberType = typeof(NetworkCases))]
    public void TrainingStep_Replayed_HasTheBitsOfTheEvaluatedOne(string name)
    {
        NetworkCase row = NetworkCases.Named(name);
        IModule module = row.Random(DType.Float32, 1);
        Tensor[] weights = [.. ParameterTree.Of(module).Trained.Select(p => p.Value)];
        Parameter[] inputs = [.. row.Points(DType.Float32, 2).Select(p => new Parameter(p, isTrained: false))];
        Tensor[] Step(Tensor[] x)
        {
            Tensor loss = Tensor.Square(row.Forward(module, x)).Sum();
            return [loss, .. Gradient.Of(loss, weights)];
        }

        Replay? replay = Replay.Record(() => Step([.. inputs.Select(p => p.Value)]), out string? obstacle);

        Assert.Null(obstacle);
        Parameters.Randomise(module, new Rng(5));
        Tensor[] next = row.Points(DType.Float32, 6);
        foreach ((Parameter input, Tensor values) in inputs.Zip(next))
        {
            input.Assign(values);
        }

        replay!.Run();
        Assert.All(Step(next).Zip(replay.Outputs), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));
    }
}
