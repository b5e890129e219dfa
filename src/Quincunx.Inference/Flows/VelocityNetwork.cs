using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>A velocity field by a network whose every layer also sees the time, and whose first sees the context; it carries its own Jacobian forward.</summary>
/// <remarks>
/// <para>
/// Layers are z = W h + b + u t with a smooth activation between two. With the activations' slopes s₁, s₂, … the Jacobian is W₃ s₂ W₂ s₁ W₁, and with two hidden layers its trace is the
/// scalar product of s₂ and (W₂ ∘ (W₁ W₃)ᵀ) s₁: exact, for the price of one more product whatever the dimension. With one hidden layer it is s₁ times the diagonal of W₁ W₂; with more,
/// each of the middle layers is passed once for each element. An estimate by noise costs about as much as the velocity itself: it pays from three hidden layers on.
/// </para>
/// <para>The last layer starts at zero, so that nothing moves: the flow starts at the identity.</para>
/// </remarks>
public sealed class VelocityNetwork : IVelocityField
{
    private readonly Linear[] _layers;
    private readonly Parameter[] _times;
    private readonly Linear? _context;
    private readonly Activation _activation;

    /// <param name="contextSize">Length of a context row; 0 for none.</param>
    /// <param name="hidden">Widths of the hidden layers; none makes a field that is linear in x.</param>
    /// <param name="activation">Tanh, Softplus or Silu: slopes have to be smooth.</param>
    /// <exception cref="ArgumentException">The activation has kinks.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public VelocityNetwork(
        int dimension, int contextSize, IReadOnlyList<int> hidden, Rng rng, Activation activation = Activation.Tanh, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegative(contextSize);
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(rng);
        ActivationSlopes.RequireSmooth(activation, nameof(activation));
        _activation = activation;
        int[] sizes = [dimension, .. hidden, dimension];
        _layers = new Linear[sizes.Length - 1];
        _times = new Parameter[_layers.Length];
        for (int i = 0; i < _layers.Length; i++)
        {
            bool last = i == _layers.Length - 1;
            Rng own = rng.Split(i);
            _layers[i] = new Linear(sizes[i], sizes[i + 1], own.Split("weight"), last ? Initialiser.Zeros : Initialiser.GlorotUniform, dtype);
            _times[i] = new Parameter(last ? Tensor.Zeros(new Shape(sizes[i + 1]), dtype) : Tensor.Uniform(-1, 1, own.Split("time"), new Shape(sizes[i + 1]), dtype));
        }

        _context = contextSize == 0 ? null : new Linear(contextSize, sizes[1], rng.Split("context"), Initialiser.LeCunUniform, dtype);
    }

    public int Dimension => _layers[0].Inputs;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A context is missing or not asked for.</exception>
    public Tensor Velocity(double t, Tensor x, Tensor? context) => Run(t, x, context, slopes: null);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A context is missing or not asked for.</exception>
    public (Tensor Velocity, Tensor Divergence) WithDivergence(double t, Tensor x, Tensor? context, Tensor? noise)
    {
        var slopes = new Tensor[_layers.Length - 1];
        Tensor velocity = Run(t, x, context, slopes);
        return (velocity, noise is null ? Trace(slopes, x.Shape[1]) : (noise * Along(noise, slopes)).Sum(axis: 0));
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("layers", _layers);
        for (int i = 0; i < _times.Length; i++)
        {
            tree.Add($"time-{i}", _times[i]);
        }

        if (_context is not null)
        {
            tree.Add("context", _context);
        }
    }

    private Tensor Run(double t, Tensor x, Tensor? context, Tensor[]? slopes)
    {
        ShapeException.ThrowUnless(x, Dimension, -1);
        if (context is null != _context is null)
        {
            throw new ArgumentException(_context is null ? "The field takes no context." : "The field needs a context.", nameof(context));
        }

        for (int i = 0; i < _layers.Length; i++)
        {
            Linear layer = _layers[i];
            Tensor bias = layer.Bias.Value + (_times[i].Value * t);
            Tensor? residual = null;
            if (i == 0 && context is not null)
            {
                // One context for all columns is a bias.
                Tensor share = _context!.ForwardColumns(context);
                (bias, residual) = share.Shape[1] == x.Shape[1] ? (bias, share) : (bias + share.Reshape(layer.Outputs), null);
            }

            Tensor z = Tensor.LinearColumns(layer.Weight.Value, x, bias, residual);
            if (i == _layers.Length - 1)
            {
                return z;
            }

            x = _activation.Apply(z);
            if (slopes is not null)
            {
                slopes[i] = _activation.Slope(z, x);
            }
        }

        return x;
    }

    // The Jacobian times a column each.
    private Tensor Along(Tensor tangent, Tensor[] slopes)
    {
        for (int i = 0; i < slopes.Length; i++)
        {
            tangent = Tensor.LinearColumns(_layers[i].Weight.Value, tangent) * slopes[i];
        }

        return Tensor.LinearColumns(_layers[^1].Weight.Value, tangent);
    }

    private Tensor Trace(Tensor[] slopes, int n)
    {
        Tensor first = _layers[0].Weight.Value, last = _layers[^1].Weight.Value;
        if (slopes.Length == 0)
        {
            return first.Trace().BroadcastTo(new Shape(n));
        }

        if (slopes.Length == 2)
        {
            Tensor around = _layers[1].Weight.Value * Tensor.MatMul(last, first, transposeA: true, transposeB: true);
            return (slopes[1] * Tensor.LinearColumns(around, slopes[0])).Sum(axis: 0);
        }

        // [units, elements, n]: how each unit changes with each element.
        int d = Dimension;
        Tensor tangents = slopes[0].Reshape(_layers[0].Outputs, 1, n) * first.Reshape(_layers[0].Outputs, d, 1);
        for (int i = 1; i < slopes.Length; i++)
        {
            Linear layer = _layers[i];
            tangents = Tensor.LinearColumns(layer.Weight.Value, tangents.Reshape(layer.Inputs, d * n)).Reshape(layer.Outputs, d, n) * slopes[i].Reshape(layer.Outputs, 1, n);
        }

        return (tangents * last.Transpose().Reshape(_layers[^1].Inputs, d, 1)).Sum([0, 1]);
    }
}
