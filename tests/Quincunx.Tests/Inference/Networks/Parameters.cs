using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>Checks on the parameters of a module, which are changed in place and so escape GradientCheck's points.</summary>
internal static class Parameters
{
    /// <summary>Overwrites all trained weights, so that nothing is zero by initialisation.</summary>
    public static void Randomise(IModule module, Rng rng)
    {
        foreach (Parameter parameter in ParameterTree.Of(module).Trained)
        {
            double[] values = parameter.Value.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = rng.NextDouble() - 0.5;
            }

            parameter.Assign(values);
        }
    }

    /// <summary>Compares the gradient of a random projection with central differences, for every trained float64 weight.</summary>
    public static void AssertGradients(IModule module, Func<Tensor> forward)
    {
        const double Step = 1e-5;
        IReadOnlyList<Parameter> parameters = ParameterTree.Of(module).Trained;
        Tensor weights = Tensor.Uniform(-1, 1, new Rng(99), forward().Shape, DType.Float64);
        Tensor[] gradients = Gradient.Of((forward() * weights).Sum(), [.. parameters.Select(p => p.Value)]);
        Assert.Contains(gradients, g => g.ToArray().Any(v => v != 0));
        for (int p = 0; p < parameters.Count; p++)
        {
            double[] values = parameters[p].Value.ToArray(), gradient = gradients[p].ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                double centre = values[i];
                double numeric = (At(centre + Step) - At(centre - Step)) / (2 * Step);
                At(centre);

                // The error of the differences is of the order of step² = 1e-10 and roundings / step = 1e-11.
                Assert.True(Math.Abs(gradient[i] - numeric) < 1e-7 * (1 + Math.Abs(numeric)), $"{p}[{i}]: {gradient[i]} and {numeric}");

                double At(double value)
                {
                    values[i] = value;
                    parameters[p].Assign(values);
                    return (forward() * weights).Sum().ToScalar();
                }
            }
        }
    }
}
