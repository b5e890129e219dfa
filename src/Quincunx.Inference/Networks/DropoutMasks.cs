using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>What one computation of a loss multiplies its values with at each <see cref="Dropout"/>, in the order in which it comes to them: 0, or 1 / (1 - p).</summary>
/// <remarks>They are inputs, filled anew for each batch, so that a recorded step can be replayed with others.</remarks>
/// <param name="probability">Of a zero, in (0, 1).</param>
internal sealed class DropoutMasks(double probability)
{
    /// <summary>Child of a batch's stream that its masks are drawn from.</summary>
    public const string Stream = "dropout";

    [ThreadStatic]
    private static DropoutMasks? _current;

    private readonly List<Parameter> _masks = [];
    private Rng _rng = new(0);
    private int _next;

    /// <summary>Those in use on this thread; null outside training.</summary>
    public static DropoutMasks? Current => _current;

    /// <summary>Draws all of them anew.</summary>
    /// <param name="rng">Kept, for those that are not known yet.</param>
    public void Draw(Rng rng)
    {
        _rng = rng;
        foreach (Parameter mask in _masks)
        {
            Fill(mask.Value);
        }
    }

    /// <summary>Uses masks on this thread until the result is disposed of.</summary>
    /// <param name="masks">Null for none.</param>
    public static Use Begin(DropoutMasks? masks) => new(masks);

    /// <summary>The next of them.</summary>
    /// <exception cref="InvalidOperationException">The last time it had another shape.</exception>
    public Tensor Next(Shape shape, DType dtype)
    {
        if (_next == _masks.Count)
        {
            var mask = new Parameter(Tensor.Zeros(shape, dtype), isTrained: false);
            Fill(mask.Value);
            _masks.Add(mask);
        }

        Tensor next = _masks[_next++].Value;
        return next.Shape == shape && next.DType == dtype ? next
            : throw new InvalidOperationException($"A loss must come to its dropouts in the same order each time: expected {next.DType} {next.Shape}, got {dtype} {shape}.");
    }

    private void Fill(Tensor mask)
    {
        double kept = 1 / (1 - probability);
        if (mask.DType == DType.Float32)
        {
            foreach (ref float value in mask.Writable<float>())
            {
                value = _rng.NextDouble() < probability ? 0 : (float)kept;
            }
        }
        else
        {
            foreach (ref double value in mask.Writable<double>())
            {
                value = _rng.NextDouble() < probability ? 0 : kept;
            }
        }
    }

    /// <summary>A stretch of work with masks.</summary>
    internal readonly ref struct Use
    {
        private readonly DropoutMasks? _before;

        public Use(DropoutMasks? masks)
        {
            (_before, _current) = (_current, masks);
            if (masks is not null)
            {
                masks._next = 0;
            }
        }

        public void Dispose() => _current = _before;
    }
}
