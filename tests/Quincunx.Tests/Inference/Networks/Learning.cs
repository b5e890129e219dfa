using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>Trains a module on all rows at once, and says what of a target it leaves unexplained.</summary>
internal static class Learning
{
    /// <param name="loss">Of tensors that stay the same.</param>
    /// <returns>The last loss.</returns>
    public static double Fit(IModule module, Func<Tensor> loss, int steps, double rate)
    {
        IReadOnlyList<Parameter> trained = ParameterTree.Of(module).Trained;
        var adam = new Adam(trained);
        Replay step = Replay.Record(
            () =>
            {
                Tensor value = loss();
                return [value, .. Gradient.Of(value, [.. trained.Select(p => p.Value)])];
            },
            out _)!;
        for (int i = 0; i < steps; i++)
        {
            step.Run();
            adam.Step([.. step.Outputs.Skip(1)], rate * (1 - (i / (double)steps)));
        }

        return step.Outputs[0].ToScalar();
    }

    public static Tensor SquaredError(Tensor prediction, Tensor target) => Tensor.Square(prediction - target).Mean();

    /// <summary>Mean squared error over variance.</summary>
    public static double Unexplained(Tensor prediction, Tensor target) =>
        SquaredError(prediction, target).ToScalar() / Tensor.Square(target - target.Mean()).Mean().ToScalar();

    public static Tensor Normal(ulong seed, params int[] lengths) => Tensor.Normal(0, 1, new Rng(seed), new Shape(lengths));
}
