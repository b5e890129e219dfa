using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Training steps as the trainer takes them: gather a batch, forward, backward, clip, Adam.</summary>
internal sealed class Step : IDisposable
{
    private const double Rate = 1e-4;
    private readonly BatchGradient _batch;
    private readonly Adam _adam;
    private readonly TrainingOptions _options;
    private readonly int[] _order;
    private readonly int _rows;
    private readonly Rng _rng = new(1);
    private int _from;

    /// <param name="rows">Of a batch.</param>
    /// <param name="threads">Also the parts that a batch is cut into.</param>
    public Step(TrainingTask task, int rows, int threads)
    {
        _options = new TrainingOptions { Threads = threads, Chunks = threads };
        IReadOnlyList<Parameter> parameters = ParameterTree.Of(task.Module).Trained;
        _batch = new BatchGradient(task, parameters, _options);
        _adam = new Adam(parameters);
        _rows = rows;
        _order = [.. Enumerable.Range(0, task.Count)];
        _rng.Shuffle(_order.AsSpan());
    }

    public void Run()
    {
        _batch.MeanLoss(_order.AsMemory(_from, _rows), _rng);
        _batch.Gradient.Clip(_options.ClipNorm);
        _adam.Step(_batch.Gradient.Values, Rate);
        _from = _from + (2 * _rows) <= _order.Length ? _from + _rows : 0;
    }

    public void Dispose() => _batch.Dispose();
}
