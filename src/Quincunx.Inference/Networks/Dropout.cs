using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Sets each value to zero with a fixed probability while training and scales the rest up, so that the mean stays.</summary>
/// <remarks>Srivastava et al. 2014, JMLR 15, 1929. Keeps nothing: the same stream gives the same zeros.</remarks>
public sealed class Dropout
{
    private readonly double _probability;

    /// <param name="probability">In [0, 1).</param>
    public Dropout(double probability)
    {
        _probability = probability is >= 0 and < 1
            ? probability
            : throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a probability in [0, 1).");
    }

    /// <param name="x">Any shape.</param>
    /// <param name="rng">Needed where something may be dropped.</param>
    /// <returns>x itself in <see cref="Mode.Evaluation"/> or with probability 0.</returns>
    public Tensor Forward(Tensor x, Mode mode, Rng? rng)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (mode == Mode.Evaluation || _probability == 0)
        {
            return x;
        }

        ArgumentNullException.ThrowIfNull(rng);
        double[] mask = new double[x.Count];
        double scale = 1 / (1 - _probability);
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = rng.NextDouble() < _probability ? 0 : scale;
        }

        return x * Tensor.From(mask, x.Shape, x.DType);
    }
}
