using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Benchmarks.Inference;

/// <summary>A network of an ensemble and its batch.</summary>
internal sealed class MemberNetwork(EnsembleTask task, int rows)
{
    private readonly BatchLoss _batch = task.Batch(rows);
    private readonly Parameter _share = new(Tensor.Scalar(1.0 / rows, DType.Float64), isTrained: false);
    private readonly Rng _none = new(0);

    public IReadOnlyList<Parameter> Parameters { get; } = ParameterTree.Of(task.Module).Trained;

    public void Fill(ReadOnlySpan<int> of) => _batch.Fill(of, _none);

    public Tensor[] Differentiate()
    {
        Tensor loss = _batch.Loss();
        return [loss, .. Gradient.VectorJacobian(loss, _share.Value.To(loss.DType).Reshape(loss.Shape), [.. Parameters.Select(p => p.Value)])];
    }

    public Replay Record(ReplayMemory memory) => Record(Differentiate, memory);

    public static Replay Record(Func<IReadOnlyList<Tensor>> compute, ReplayMemory memory) =>
        Replay.Record(compute, memory, out string? obstacle) ?? throw new InvalidOperationException(obstacle);
}
