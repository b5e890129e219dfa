using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Sequential;

/// <summary>Losses that compare a pair's own parameters with those of other pairs of the batch.</summary>
/// <remarks>
/// The rows of a batch are put on a ring in random order, and each x meets its own parameters and those of the next places: distinct draws from whatever the pairs were drawn from, and none of the
/// training set for a held-out pair.
/// </remarks>
/// <param name="pairs">Scaled as the posterior does.</param>
/// <param name="logPrior">log p of each row in the coordinates of the pairs.</param>
/// <param name="plain">Weight of each row's plain loss.</param>
/// <param name="atoms">Parameters that each x meets; with fewer rows, those.</param>
/// <param name="balance">Weight of the balance; 0 for the atomic loss.</param>
internal sealed class SequentialNpeTask(NeuralPosterior posterior, ScaledPairs pairs, float[] logPrior, float[] plain, int atoms, double balance) : TrainingTask
{
    /// <inheritdoc/>
    public override IModule Module => posterior;

    /// <inheritdoc/>
    public override int Count => pairs.Count;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var ring = new Ring(this, rows.Length);
        ring.Fill(rows, rng);
        return ring.Loss();
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Ring(this, rows);

    private Tensor Loss(Tensor z, Tensor x, Tensor ofPrior, Tensor weights)
    {
        (int n, int met) = (ofPrior.Shape[0], ofPrior.Shape[1]);
        Tensor logs = posterior.LogProbScaled(z, x).Reshape(n, met), own = -(logs.At(1, 0) * weights).Sum();
        return balance > 0 ? own + (SequentialLoss.Balance(logs - ofPrior) * balance) : own + SequentialLoss.Atomic(logs - ofPrior);
    }

    private void Copy(ReadOnlySpan<int> met, ReadOnlySpan<int> seen, Tensor z, Tensor x)
    {
        pairs.CopyTheta(met, z);
        pairs.CopyX(seen, x);
    }

    private int Met => atoms;

    private int Dimension => posterior.Dimension;

    private int Features => posterior.Features;

    private float LogPrior(int row) => logPrior[row];

    private float Plain(int row) => plain[row];

    private sealed class Ring : BatchLoss
    {
        private readonly SequentialNpeTask _task;
        private readonly int[] _places, _met, _seen;
        private readonly Parameter _z, _x, _prior, _plain;

        public Ring(SequentialNpeTask task, int rows)
        {
            int atoms = Math.Min(task.Met, rows);
            (_task, _places, _met, _seen) = (task, new int[rows], new int[rows * atoms], new int[rows * atoms]);
            (_z, _x, _prior, _plain) = (Input(_met.Length, task.Dimension), Input(_met.Length, task.Features), Input(rows, atoms), new Parameter(Tensor.Zeros(new Shape(rows)), isTrained: false));

            static Parameter Input(int rows, int columns) => new(Tensor.Zeros(new Shape(rows, columns)), isTrained: false);
        }

        public override void Fill(ReadOnlySpan<int> rows, Rng rng)
        {
            int n = rows.Length, atoms = _met.Length / n;
            rows.CopyTo(_places);
            rng.Shuffle<int>(_places);
            Span<float> prior = _prior.Value.Writable<float>(), plain = _plain.Value.Writable<float>();
            for (int i = 0; i < _met.Length; i++)
            {
                (_seen[i], _met[i]) = (_places[i / atoms], _places[((i / atoms) + (i % atoms)) % n]);
                prior[i] = _task.LogPrior(_met[i]);
            }

            for (int i = 0; i < n; i++)
            {
                plain[i] = _task.Plain(_places[i]);
            }

            _task.Copy(_met, _seen, _z.Value, _x.Value);
        }

        public override Tensor Loss() => _task.Loss(_z.Value, _x.Value, _prior.Value, _plain.Value);
    }
}
