using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Training steps as the trainer takes them, batch after batch.</summary>
internal sealed class Step : IDisposable
{
    private const double Rate = 1e-4;
    private readonly TrainingStep _step;
    private readonly int[] _order;
    private readonly int _rows;
    private readonly Rng _rng = new(1);
    private int _from;

    /// <param name="rows">Of a batch.</param>
    /// <param name="threads">Also the parts that a batch is cut into.</param>
    public Step(TrainingTask task, int rows, int threads)
    {
        _step = new TrainingStep(task, new TrainingOptions { Threads = threads, Chunks = threads });
        _rows = rows;
        _order = new Rng(2).Permutation(task.Count);
    }

    /// <summary>The weights that the optimiser changes.</summary>
    public long Weights => _step.Parameters.Sum(p => (long)p.Count);

    public void Run()
    {
        _step.Run(_order.AsMemory(_from, _rows), _rng, Rate);
        _from = _from + (2 * _rows) <= _order.Length ? _from + _rows : 0;
    }

    public void Dispose() => _step.Dispose();
}
