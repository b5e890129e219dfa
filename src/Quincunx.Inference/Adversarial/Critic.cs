using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Adversarial;

/// <summary>The critic d(x): high where observations are more frequent than simulations from the proposal.</summary>
/// <remarks>It sees outputs in units of the observations' standard deviations. Saved by <see cref="ModuleState"/>.</remarks>
public sealed class Critic : IModule
{
    private readonly Standardise _scale;
    private readonly Mlp _network;

    internal Critic(Standardise scale, AvoOptions options, Rng rng, DType dtype = DType.Float32)
    {
        _scale = scale;
        _network = new Mlp(scale.Features, options.Hidden, 1, rng, options.Activation, dtype: dtype);
    }

    /// <summary>Numbers of an event.</summary>
    public int Features => _scale.Features;

    /// <summary>d(x) of events, up to a constant that nothing determines.</summary>
    /// <param name="xs">Finite, shape <c>[n, features]</c>.</param>
    /// <param name="values">Shape <c>[n]</c>; overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite.</exception>
    public void Evaluate(ReadOnlySpan<double> xs, Span<double> values)
    {
        if (xs.Length != values.Length * Features)
        {
            throw new ArgumentException($"Expected {values.Length} rows of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }

        PairRows.CheckFinite(xs, Features, nameof(xs));
        double[] scaled = new double[xs.Length];
        _scale.Apply(xs, scaled);
        using var scope = new TensorScope();
        using Recording.Pause pause = Recording.Off();
        _network.Forward(Tensor.From(scaled, new Shape(values.Length, Features), DType.Float32)).ToArray().CopyTo(values);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("x", _scale);
        tree.Add("network", _network);
    }

    /// <param name="x">Scaled, shape <c>[features, n]</c>.</param>
    /// <returns>Shape <c>[1, n]</c>.</returns>
    internal Tensor Columns(Tensor x) => _network.ForwardColumns(x);

    internal void Scale(ReadOnlySpan<double> xs, Span<double> scaled) => _scale.Apply(xs, scaled);
}
