using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>
/// An affine map of the sites of one colour of a checkerboard, <c>φ → φ eˢ + t</c>, whose s and t are convolutions of the sites of the other colour.
/// </summary>
/// <remarks>
/// Real-valued non-volume-preserving maps (Dinh, Sohl-Dickstein and Bengio 2017, arXiv:1605.08803) on a lattice as in Albergo, Kanwar and Shanahan 2019, arXiv:1904.12072.
/// The map has the symmetries of the theory: it commutes with translations that keep the colours, since the convolutions are circular, and with φ → -φ, since the features are
/// odd (tanh, no bias), t is linear in them and s in their squares. It starts at the identity.
/// </remarks>
public sealed class LatticeCoupling : IModule
{
    // |s| stays below this, smoothly, so that one odd field cannot blow up a training step.
    private const double LargestLogScale = 3;

    private readonly Parameter[] _hidden;
    private readonly Parameter _shift, _scale, _level, _frozen, _moved;
    private readonly WindowOptions _window;
    private readonly int _size;

    /// <param name="size">Even, so that the colours alternate around the torus too.</param>
    /// <param name="parity">The colour that is moved: sites whose coordinates add up to an even number for 0, odd for 1.</param>
    /// <param name="channels">Widths of the hidden layers, at least one.</param>
    /// <param name="kernel">Side of the windows, odd and at most <paramref name="size"/>.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public LatticeCoupling(int size, int parity, IReadOnlyList<int> channels, int kernel, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(rng);
        if (size < 2 || size % 2 != 0 || kernel < 1 || kernel % 2 == 0 || kernel > size || channels.Count == 0 || parity is not (0 or 1))
        {
            throw new ArgumentException(
                $"Expected an even lattice, an odd window no larger, hidden layers and parity 0 or 1; got {size}, {kernel}, {channels.Count} and {parity}.", nameof(size));
        }

        _size = size;
        _window = new WindowOptions { Padding = [kernel / 2], PaddingKind = PaddingKind.Circular };
        int[] widths = [1, .. channels];
        _hidden = new Parameter[channels.Count];
        for (int i = 0; i < _hidden.Length; i++)
        {
            _hidden[i] = Weights(widths[i], widths[i + 1], kernel, rng.Split(i), dtype);
        }

        var last = new Shape(1, widths[^1], kernel, kernel);
        _shift = new Parameter(Tensor.Zeros(last, dtype));
        _scale = new Parameter(Tensor.Zeros(last, dtype));
        _level = new Parameter(Tensor.Zeros(new Shape(1), dtype));
        double[] moved = [.. Enumerable.Range(0, size * size).Select(i => ((i / size) + (i % size)) % 2 == parity ? 1.0 : 0)];
        _moved = new Parameter(Tensor.From(moved, new Shape(size, size), dtype), isTrained: false);
        _frozen = new Parameter(Tensor.From([.. moved.Select(m => 1 - m)], new Shape(size, size), dtype), isTrained: false);
    }

    /// <param name="x">Shape <c>[batch, 1, L, L]</c>.</param>
    /// <returns>The map's value, and log |det| of shape <c>[batch]</c>.</returns>
    public Transformed Forward(Tensor x)
    {
        (Tensor s, Tensor t) = Conditioner(x);
        return new Transformed((x * Tensor.Exp(s)) + t, s.Sum([1, 2, 3]));
    }

    /// <param name="y">Shape <c>[batch, 1, L, L]</c>.</param>
    /// <returns>The field with <c>Forward(value) = y</c>, and log |det| of the inverse map at y.</returns>
    public Transformed Inverse(Tensor y)
    {
        // The sites that s and t are computed from are the same before and after.
        (Tensor s, Tensor t) = Conditioner(y);
        return new Transformed((y - t) * Tensor.Exp(-s), -s.Sum([1, 2, 3]));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        for (int i = 0; i < _hidden.Length; i++)
        {
            tree.Add($"hidden{i}", _hidden[i]);
        }

        tree.Add("shift", _shift);
        tree.Add("scale", _scale);
        tree.Add("level", _level);
        tree.Add("moved", _moved);
        tree.Add("frozen", _frozen);
    }

    // Both zero at the frozen sites, which then stay what they are.
    private (Tensor S, Tensor T) Conditioner(Tensor x)
    {
        ShapeException.ThrowUnless(x, -1, 1, _size, _size);
        Tensor h = x * _frozen.Value;
        foreach (Parameter weight in _hidden)
        {
            h = Tensor.Tanh(Tensor.Convolution(h, weight.Value, window: _window));
        }

        Tensor raw = Tensor.Convolution(Tensor.Square(h), _scale.Value, _level.Value, _window);
        Tensor s = Tensor.Tanh(raw / LargestLogScale) * LargestLogScale * _moved.Value;
        return (s, Tensor.Convolution(h, _shift.Value, window: _window) * _moved.Value);
    }

    // Variance 1 / inputs, which keeps the size of odd features about that of a field of unit variance.
    private static Parameter Weights(int inputs, int outputs, int kernel, Rng rng, DType dtype)
    {
        double sd = 1 / Math.Sqrt(inputs * kernel * kernel);
        return new Parameter(Tensor.Normal(0, sd, rng, new Shape(outputs, inputs, kernel, kernel), dtype));
    }
}
