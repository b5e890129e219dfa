using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>A batch in which each x meets its own theta and those of other pairs.</summary>
/// <remarks>
/// The rows of a batch are put on a ring in random order, and each x meets its own theta and those of the next places. So the others are distinct draws from the distribution of theta that the
/// pairs have, whatever that is, and no pair of the training set serves as a contrast for a held-out one.
/// </remarks>
internal sealed class ContrastRing
{
    private readonly ScaledPairs _pairs;
    private readonly Parameter _z, _x;
    private readonly int[] _places, _contrasts;

    /// <param name="atoms">Parameters that each x meets.</param>
    public ContrastRing(ScaledPairs pairs, int parameters, int features, int atoms, int rows)
    {
        (_pairs, _places, _contrasts, Atoms, Rows) = (pairs, new int[rows], new int[atoms * rows], atoms, rows);
        _z = new Parameter(Tensor.Zeros(new Shape(atoms * rows, parameters)), isTrained: false);
        _x = new Parameter(Tensor.Zeros(new Shape(rows, features)), isTrained: false);
    }

    public int Atoms { get; }

    public int Rows { get; }

    /// <summary>Shape <c>[atoms · rows, d]</c>: the own parameters first.</summary>
    public Tensor Z => _z.Value;

    /// <summary>Shape <c>[rows, k]</c>.</summary>
    public Tensor X => _x.Value;

    public void Fill(ReadOnlySpan<int> rows, Rng rng)
    {
        rows.CopyTo(_places);
        rng.Shuffle<int>(_places);
        for (int i = 0; i < _contrasts.Length; i++)
        {
            _contrasts[i] = _places[((i / Rows) + i) % Rows];
        }

        _pairs.CopyTheta(_contrasts, Z);
        _pairs.CopyX(_places, X);
    }
}
