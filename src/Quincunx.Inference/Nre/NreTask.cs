using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>The loss of ratio estimation over stored simulations.</summary>
/// <param name="pairs">Scaled as the ratio does.</param>
/// <remarks>
/// The rows of a batch are put on a ring in random order, and each x meets its own theta and those of the next places. So the others are distinct draws from the distribution of theta that the
/// pairs have, whatever that is, and no pair of the training set serves as a contrast for a held-out one.
/// </remarks>
internal sealed class NreTask(NeuralRatio ratio, ScaledPairs pairs) : TrainingTask
{
    private readonly int _d = ratio.Dimension, _k = ratio.Features;

    /// <inheritdoc/>
    public override IModule Module => ratio;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override IRowBlocks? Blocks => pairs.Blocks;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var batch = new Ring(this, pairs, rows.Length);
        batch.Fill(rows, rng);
        return batch.Loss();
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Ring(this, pairs, rows);

    private sealed class Ring : BatchLoss
    {
        private readonly NreTask _task;
        private readonly ScaledPairs _pairs;
        private readonly Parameter _z, _x;
        private readonly int[] _places, _contrasts;

        public Ring(NreTask task, ScaledPairs pairs, int rows)
        {
            int atoms = RatioLosses.Atoms(task.Ratio.Options, rows);
            (_task, _pairs, _places, _contrasts) = (task, pairs, new int[rows], new int[atoms * rows]);
            _z = new Parameter(Tensor.Zeros(new Shape(_contrasts.Length, task._d)), isTrained: false);
            _x = new Parameter(Tensor.Zeros(new Shape(rows, task._k)), isTrained: false);
        }

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            int n = rows.Length;
            rows.CopyTo(_places);
            rng.Shuffle<int>(_places);
            for (int i = 0; i < _contrasts.Length; i++)
            {
                _contrasts[i] = _places[((i / n) + i) % n];
            }

            _pairs.CopyTheta(_contrasts, _z.Value);
            _pairs.CopyX(_places, _x.Value);
        }

        public override Tensor Loss()
        {
            Tensor f = _task.Ratio.LogRatioScaled(_z.Value, _x.Value);
            return RatioLosses.Sum(f.Reshape(_contrasts.Length / _places.Length, _places.Length), _task.Ratio.Options);
        }
    }

    private NeuralRatio Ratio => ratio;
}
