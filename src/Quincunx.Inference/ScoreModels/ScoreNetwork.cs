using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.ScoreModels;

/// <summary>u(y, φ, x): the expectation of cos φ ε - sin φ z given y = cos φ z + sin φ ε and the observation.</summary>
/// <remarks>
/// <para>
/// With z of unit variance both y and what is learned have unit variance at every φ, so that neither needs scaling (the reasoning of Karras et al. 2022, arXiv:2206.00364, table 1; the target is
/// the v of Salimans and Ho 2022, arXiv:2202.00512). It is also dy/dφ along the probability flow.
/// </para>
/// <para>
/// Residual blocks whose inner layer is scaled and shifted by an embedding of observation and time (FiLM, arXiv:1709.07871), and a linear map of y and x beside them, with gains that depend on the time:
/// of a linear Gaussian problem the answer is such a map, along the principal axes of the posterior. The network carries its Jacobian in y forward, for the divergence. Columns are examples.
/// </para>
/// </remarks>
internal sealed class ScoreNetwork : IModule
{
    /// <summary>Numbers made of a time.</summary>
    public const int TimeFeatures = 9;

    // Gains go over from one end of the noise to the other: sine, cosine and logarithm tell that, without the waves behind them.
    private const int GainFeatures = 3, GainWidth = 32;

    private readonly Linear _first, _last, _observation, _time, _embedding, _axes, _regression, _back;
    private readonly Mlp _gains;
    private readonly Block[] _blocks;
    private readonly Activation _activation;

    public ScoreNetwork(int dimension, int features, ScoreNetworkOptions options, Rng rng, DType dtype = DType.Float32)
    {
        ScoreNetworkOptions o = options.Checked();
        _activation = o.Activation;
        _first = new Linear(dimension, o.Width, rng.Split("first"), Initialiser.LeCunUniform, dtype);
        _observation = new Linear(features, o.Width, rng.Split("observation"), Initialiser.LeCunUniform, dtype);
        _time = new Linear(TimeFeatures, o.Width, rng.Split("time"), Initialiser.LeCunUniform, dtype);
        _embedding = new Linear(o.Width, o.EmbeddingWidth, rng.Split("embedding"), Initialiser.HeUniform, dtype);
        _blocks = [.. Enumerable.Range(0, o.Blocks).Select(i => new Block(o.Width, o.EmbeddingWidth, rng.Split(i), dtype))];
        _last = new Linear(o.Width, dimension, rng.Split("last"), Initialiser.Zeros, dtype);
        _axes = new Linear(dimension, dimension, rng.Split("axes"), Initialiser.LeCunUniform, dtype);
        _regression = new Linear(features, dimension, rng.Split("regression"), Initialiser.LeCunUniform, dtype);
        _gains = new Mlp(GainFeatures, [GainWidth], 2 * dimension, rng.Split("gains"), _activation, dtype: dtype);
        _back = new Linear(dimension, dimension, rng.Split("back"), Initialiser.Zeros, dtype);
    }

    public int Dimension => _first.Inputs;

    /// <summary>What the network sees of an angle: log tan φ, bounded at both ends, since the scale of what there is to see changes by orders of magnitude near φ = 0.</summary>
    /// <param name="features">Length <see cref="TimeFeatures"/>; overwritten.</param>
    public static void FillTime(double angle, Span<double> features)
    {
        const double Floor = 1e-3;
        (double sin, double cos) = Math.SinCos(angle);
        double log = Math.Log((sin + Floor) / (cos + Floor));
        (features[0], features[1], features[2]) = (sin, cos, log / 4);
        for (int k = 0; k < 3; k++)
        {
            (features[3 + (2 * k)], features[4 + (2 * k)]) = Math.SinCos(log * 0.5 * (1 << k));
        }
    }

    /// <param name="y">Shape <c>[d, n]</c>.</param>
    /// <param name="time">Shape <c>[TimeFeatures, n]</c>, or one column for all.</param>
    /// <param name="x">Shape <c>[k, n]</c>, or one column for all.</param>
    /// <returns>Shape <c>[d, n]</c>.</returns>
    public Tensor Forward(Tensor y, Tensor time, Tensor x) => Run(y, time, x, null).Value;

    /// <summary>With the Jacobian's products with tangents.</summary>
    /// <param name="tangents">Shape <c>[d, m, n]</c>: m directions for each column.</param>
    /// <returns>The value and products, shape <c>[d, m, n]</c>.</returns>
    public (Tensor Value, Tensor Products) WithTangents(Tensor y, Tensor time, Tensor x, Tensor tangents)
    {
        (Tensor value, Tensor? products) = Run(y, time, x, tangents);
        return (value, products!);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        tree.Add("first", _first);
        tree.Add("observation", _observation);
        tree.Add("time", _time);
        tree.Add("embedding", _embedding);
        tree.Add("blocks", _blocks);
        tree.Add("last", _last);
        tree.Add("axes", _axes);
        tree.Add("regression", _regression);
        tree.Add("gains", _gains);
        tree.Add("back", _back);
    }

    private (Tensor Value, Tensor? Products) Run(Tensor y, Tensor time, Tensor x, Tensor? tangents)
    {
        Tensor known = _activation.Apply(_observation.ForwardColumns(x) + _time.ForwardColumns(time));
        Tensor embedding = _activation.Apply(_embedding.ForwardColumns(known)), h = _first.ForwardColumns(y);
        Tensor? along = Carry(_first, tangents);
        foreach (Block block in _blocks)
        {
            Tensor active = _activation.Apply(h), gain = 1 + block.Gain.ForwardColumns(embedding);
            Tensor inner = (block.First.ForwardColumns(active) * gain) + block.Shift.ForwardColumns(embedding), innerActive = _activation.Apply(inner);
            if (along is not null)
            {
                Tensor through = Scale(Carry(block.First, Scale(along, _activation.Slope(h, active)))!, gain);
                along += Carry(block.Second, Scale(through, _activation.Slope(inner, innerActive)))!;
            }

            h = block.Second.ForwardColumns(Dropout.Apply(innerActive), residual: h);
        }

        Tensor last = _activation.Apply(h), gains = _gains.ForwardColumns(time.Slice(0, 0, GainFeatures)), gainOfY = gains.Slice(0, 0, Dimension);
        Tensor linear = _back.ForwardColumns((_axes.ForwardColumns(y) * gainOfY) + (_regression.ForwardColumns(x) * gains.Slice(0, Dimension)));
        return (_last.ForwardColumns(last, residual: linear),
            along is null ? null : Carry(_last, Scale(along, _activation.Slope(h, last)))! + Carry(_back, Scale(Carry(_axes, tangents)!, gainOfY))!);
    }

    private static Tensor Scale(Tensor tangents, Tensor factors) => tangents * factors.Reshape(factors.Shape[0], 1, factors.Shape[1]);

    private static Tensor? Carry(Linear layer, Tensor? tangents) => tangents is null
        ? null
        : Tensor.LinearColumns(layer.Weight.Value, tangents.Reshape(layer.Inputs, tangents.Shape[1] * tangents.Shape[2])).Reshape(layer.Outputs, tangents.Shape[1], tangents.Shape[2]);

    private sealed class Block(int width, int embedding, Rng rng, DType dtype) : IModule
    {
        public Linear First { get; } = new(width, width, rng.Split("first"), Initialiser.HeUniform, dtype);

        public Linear Second { get; } = new(width, width, rng.Split("second"), Initialiser.Zeros, dtype);

        public Linear Gain { get; } = new(embedding, width, rng.Split("gain"), Initialiser.Zeros, dtype);

        public Linear Shift { get; } = new(embedding, width, rng.Split("shift"), Initialiser.LeCunUniform, dtype);

        public void Describe(ParameterTree tree)
        {
            tree.Add("first", First);
            tree.Add("second", Second);
            tree.Add("gain", Gain);
            tree.Add("shift", Shift);
        }
    }
}
