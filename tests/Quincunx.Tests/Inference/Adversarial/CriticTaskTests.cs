using Quincunx.Inference.Adversarial;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Adversarial;

public sealed class CriticTaskTests
{
    private const int Features = 2;
    private static readonly double[] Observed = [0.3, -1, 1.5, 0.4, -0.7, 2, 0.1, 0.9], Simulated = [1.1, 0.2, -0.4, -1.3, 0.8, 0.6];
    private static readonly int[] Rows = [2, 0, 1, 2];

    [Theory, InlineData(0), InlineData(1)]
    public void Loss_WithSlopesByCentralDifferences_IsTheSame(double centre)
    {
        const double Step = 1e-5;
        (Critic critic, CriticTask task, AvoOptions options) = Task(centre);
        double expected = 0;
        var draws = new Rng(3);
        foreach (int row in Rows)
        {
            int other = draws.NextInt32(Observed.Length / Features);
            double share = draws.NextDouble();
            double[] x = Scaled(critic, Simulated.AsSpan(row * Features, Features)), y = Scaled(critic, Observed.AsSpan(other * Features, Features));
            double square = 0;
            for (int j = 0; j < Features; j++)
            {
                double[] above = [.. x.Zip(y, (a, b) => (share * b) + ((1 - share) * a))], below = [.. above];
                above[j] += Step;
                below[j] -= Step;
                square += Math.Pow((Value(critic, above) - Value(critic, below)) / (2 * Step), 2);
            }

            expected += Value(critic, x) - Value(critic, y) + (options.GradientPenalty * Math.Pow(Math.Sqrt(square) - centre, 2));
        }

        using var scope = new TensorScope();
        Assert.Equal(expected, task.Loss(Rows, Mode.Training, new Rng(3)).ToScalar(), 1e-8);
    }

    [Theory, InlineData(0), InlineData(1)]
    public void Loss_GradientOfSecondOrder_MatchesCentralDifferences(double centre)
    {
        const double Step = 1e-5;
        (Critic critic, CriticTask task, _) = Task(centre);
        IReadOnlyList<Parameter> parameters = ParameterTree.Of(critic).Trained;
        using var scope = new TensorScope();
        Tensor[] gradients = Gradient.Of(Loss(), [.. parameters.Select(p => p.Value)]);
        for (int p = 0; p < parameters.Count; p++)
        {
            double[] values = parameters[p].Value.ToArray(), gradient = gradients[p].ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                double before = values[i];
                values[i] = before + Step;
                parameters[p].Assign(values);
                double above = Loss().ToScalar();
                values[i] = before - Step;
                parameters[p].Assign(values);
                double below = Loss().ToScalar();
                values[i] = before;
                parameters[p].Assign(values);
                Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-7);
            }
        }

        Tensor Loss() => task.Loss(Rows, Mode.Training, new Rng(3));
    }

    private static (Critic Critic, CriticTask Task, AvoOptions Options) Task(double centre)
    {
        var options = new AvoOptions { Hidden = [5, 4], SlopeCentre = centre, GradientPenalty = 0.7 };
        var critic = new Critic(Standardise.Fit(Observed, Features), options, new Rng(1), DType.Float64);
        var task = new CriticTask(critic, Observed, options, DType.Float64);
        task.Set(Simulated);
        return (critic, task, options);
    }

    private static double[] Scaled(Critic critic, ReadOnlySpan<double> x)
    {
        double[] scaled = new double[x.Length];
        critic.Scale(x, scaled);
        return scaled;
    }

    private static double Value(Critic critic, double[] scaled)
    {
        using var scope = new TensorScope();
        return critic.Columns(Tensor.From(scaled, new Shape(Features, 1))).ToScalar();
    }
}
