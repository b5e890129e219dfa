using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>The plan of a task whose rows are all in memory.</summary>
internal sealed class EpochPlan : RowPlan
{
    private readonly Rng _rng;
    private readonly int[] _heldOut, _order;

    public EpochPlan(int count, double validationFraction, int batchSize, Rng rng)
        : base(count, HeldOutOf(count, validationFraction), batchSize)
    {
        _rng = rng;
        int[] order = rng.Split("split").Permutation(count);
        _heldOut = order[..HeldOutRows];
        Training = order[HeldOutRows..];
        Array.Sort(_heldOut);
        Array.Sort(Training);
        _order = new int[Training.Length];
    }

    /// <summary>Ascending.</summary>
    public int[] Training { get; }

    public override int MixedRows => TrainingRows;

    public override void Begin(int epoch, int batch)
    {
        Training.CopyTo(_order, 0);
        _rng.Split("order").Split(epoch).Shuffle<int>(_order);
    }

    public override ReadOnlyMemory<int> Batch(int index, CancellationToken cancel) => _order.AsMemory(Part(_order.Length, index, Batches));

    public override ReadOnlyMemory<int> HeldOut(CancellationToken cancel) => _heldOut;
}
