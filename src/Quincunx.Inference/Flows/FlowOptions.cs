using Quincunx.Inference.Networks;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>The shape of a flow.</summary>
public sealed record FlowOptions
{
    public FlowKind Kind { get; init; } = FlowKind.SplineAutoregressive;

    /// <summary>Number of transforms, with a mixing of elements between two of them; a continuous flow is one, whatever this says.</summary>
    public int Transforms { get; init; } = 5;

    /// <summary>Width of the conditioners' hidden layers.</summary>
    public int Hidden { get; init; } = 50;

    /// <summary>Residual blocks of a conditioner; hidden layers of a velocity field.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Pieces of a spline.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>Splines act on ±this many standardised units.</summary>
    public double Bound { get; init; } = 5;

    /// <summary>Equal steps in which a continuous flow is integrated, by RK4.</summary>
    public int Steps { get; init; } = 8;

    /// <summary>Of conditioners; a velocity field has to be smooth and has Tanh.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Mix elements by trained LU maps as well as permutations.</summary>
    public bool Mixing { get; init; } = true;

    /// <summary>A flow that starts near the identity.</summary>
    /// <param name="contextSize">Length of a context row; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range; one coupling layer for several elements is, since it would leave the first half of them as it found it.
    /// </exception>
    public Flow Create(int dimension, int contextSize, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (Kind == FlowKind.Continuous)
        {
            return Continuous(dimension, contextSize, rng, dtype);
        }

        bool autoregressive = Kind is FlowKind.SplineAutoregressive or FlowKind.AffineAutoregressive;
        ArgumentOutOfRangeException.ThrowIfLessThan(Transforms, autoregressive || dimension == 1 ? 1 : 2);
        List<IBijection> steps = [];
        IElementwiseTransform transform = Kind is FlowKind.SplineAutoregressive or FlowKind.SplineCoupling ? new SplineTransform(Bins, Bound) : new AffineTransform();
        for (int i = 0; i < Transforms; i++)
        {
            if (i > 0 && dimension > 1)
            {
                steps.Add(autoregressive
                    ? Permutation.Reverse(dimension)
                    : new Permutation([.. Enumerable.Range(0, dimension).Select(k => (k + (dimension / 2)) % dimension)]));
                if (Mixing)
                {
                    steps.Add(new LuLinear(dimension, dtype));
                }
            }

            Rng own = rng.Split(i);
            steps.Add(autoregressive
                ? new MaskedAutoregressive(
                    new AutoregressiveConditioner(dimension, contextSize, Hidden, Blocks, transform.ParametersPerElement, own, Activation, dtype), transform)
                : new Coupling(dimension, contextSize, Hidden, Blocks, transform, own, Activation, dtype));
        }

        return new Flow(steps);
    }

    private Flow Continuous(int dimension, int contextSize, Rng rng, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Steps);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        var field = new VelocityNetwork(dimension, contextSize, [.. Enumerable.Repeat(Hidden, Blocks)], rng, Activation.Tanh, dtype);
        return new Flow([new ContinuousFlow(field, new ContinuousFlowOptions { Solver = new OdeOptions { Method = RungeKuttaMethod.RungeKutta4, Step = 1.0 / Steps } })]);
    }
}
