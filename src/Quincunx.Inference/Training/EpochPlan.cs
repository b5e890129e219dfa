using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Training;

/// <summary>Which rows are held out, and the order and batches of the others in each epoch.</summary>
internal sealed class EpochPlan
{
    private readonly Rng _rng;

    public EpochPlan(int count, double validationFraction, int batchSize, Rng rng)
    {
        _rng = rng;
        int heldOut = validationFraction == 0 ? 0 : Math.Max(1, (int)Math.Round(validationFraction * count));
        if (count - heldOut < 1)
        {
            throw new ArgumentException($"{count} rows with a share of {validationFraction} held out leave none to train on.", nameof(count));
        }

        int[] order = rng.Split("split").Permutation(count);
        Validation = order[..heldOut];
        Training = order[heldOut..];
        Array.Sort(Validation);
        Array.Sort(Training);
        Batches = Math.Max(1, (int)Math.Round(Training.Length / (double)batchSize));
    }

    /// <summary>Ascending.</summary>
    public int[] Training { get; }

    /// <summary>Ascending.</summary>
    public int[] Validation { get; }

    /// <summary>Number of batches an epoch.</summary>
    public int Batches { get; }

    /// <summary>The training rows in the order of an epoch: a function of the seed and the epoch.</summary>
    public int[] Order(int epoch)
    {
        int[] order = [.. Training];
        _rng.Split("order").Split(epoch).Shuffle<int>(order);
        return order;
    }

    /// <summary>Where batch <paramref name="index"/> lies in the order: the batches' lengths differ by one at most.</summary>
    public Range Batch(int index) => Part(Training.Length, index, Batches);

    /// <summary>Part <paramref name="index"/> of <paramref name="length"/> things cut into <paramref name="parts"/>.</summary>
    public static Range Part(int length, int index, int parts) =>
        (int)((long)length * index / parts)..(int)((long)length * (index + 1) / parts);
}
