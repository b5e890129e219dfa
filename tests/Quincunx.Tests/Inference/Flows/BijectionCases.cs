using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

/// <summary>Every bijection, in float64, with weights away from their starting values.</summary>
public static class BijectionCases
{
    public const int Context = 2;

    private static readonly Dictionary<string, (int Dimension, Func<int, Rng, IBijection> Create)> Cases = new(StringComparer.Ordinal)
    {
        ["permutation"] = (4, (d, rng) => Permutation.Random(d, rng)),
        ["reverse"] = (3, (d, _) => Permutation.Reverse(d)),
        ["lu-linear"] = (4, (d, _) => new LuLinear(d, DType.Float64)),
        ["lu-linear-1"] = (1, (d, _) => new LuLinear(d, DType.Float64)),
        ["orthogonal-linear"] = (4, (d, rng) => new OrthogonalLinear(d, rng, DType.Float64)),
        ["symplectic-linear"] = (4, (d, _) => new SymplecticLinear(d, dtype: DType.Float64)),
        ["symplectic-linear-2"] = (2, (d, _) => new SymplecticLinear(d, shears: 2, DType.Float64)),
        ["continuous"] = (3, (d, rng) => Continuous(d, [6, 6], rng)),
        ["continuous-1"] = (1, (d, rng) => Continuous(d, [5], rng)),
        ["affine-autoregressive"] = (3, (d, rng) => Autoregressive(d, new AffineTransform(), rng)),
        ["spline-autoregressive"] = (3, (d, rng) => Autoregressive(d, new SplineTransform(bins: 5, bound: 3), rng)),
        ["spline-autoregressive-1"] = (1, (d, rng) => Autoregressive(d, new SplineTransform(bins: 2, bound: 3), rng)),
        ["affine-coupling"] = (4, (d, rng) => new Coupling(d, Context, 8, 1, new AffineTransform(), rng, Activation.Tanh, DType.Float64)),
        ["affine-coupling-1"] = (1, (d, rng) => new Coupling(d, Context, 8, 1, new AffineTransform(), rng, Activation.Tanh, DType.Float64)),
        ["spline-coupling"] = (5, (d, rng) => new Coupling(d, Context, 8, 1, new SplineTransform(bins: 4, bound: 3), rng, Activation.Tanh, DType.Float64)),
    };

    public static TheoryData<string> All => [.. Cases.Keys];

    public static IBijection Create(string name, Rng rng)
    {
        (int dimension, Func<int, Rng, IBijection> create) = Cases[name];
        IBijection map = create(dimension, rng.Split("create"));
        Scatter(map, rng.Split("scatter"));
        return map;
    }

    /// <summary>Moves every trained parameter by normal noise, so that nothing stays at a special point.</summary>
    public static void Scatter(IModule module, Rng rng, double size = 0.4)
    {
        int index = 0;
        foreach (Parameter parameter in ParameterTree.Of(module).Trained)
        {
            Rng own = rng.Split(index++);
            parameter.Assign([.. parameter.Value.ToArray().Select(value => value + (size * own.NextNormal()))]);
        }
    }

    private static MaskedAutoregressive Autoregressive(int dimension, IElementwiseTransform transform, Rng rng) =>
        new(new AutoregressiveConditioner(dimension, Context, 8, 1, transform.ParametersPerElement, rng, Activation.Tanh, DType.Float64), transform);

    // Tolerances below what the tests allow between a map and its inverse.
    private static ContinuousFlow Continuous(int dimension, int[] hidden, Rng rng) =>
        new(
            new VelocityNetwork(dimension, Context, hidden, rng, dtype: DType.Float64),
            new ContinuousFlowOptions { Solver = new OdeOptions { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-12 } });
}
