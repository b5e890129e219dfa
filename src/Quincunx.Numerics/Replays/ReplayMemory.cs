using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Replays;

/// <summary>One block of memory for the results of several replays that are not needed at one time.</summary>
/// <remarks>Batches whose sizes differ by one have a replay each; in turn they would keep each other's results out of the caches.</remarks>
internal sealed class ReplayMemory
{
    private readonly List<(Storage Storage, int Offset)> _placed = [];
    private byte[] _block = [];
    private int _bytes;

    /// <summary>Moves results into the block, without their contents; where it has to grow, those placed before move along.</summary>
    /// <param name="results">With their offsets in bytes.</param>
    /// <param name="bytes">Where the last of them ends.</param>
    public void Place(IEnumerable<(Storage Storage, int Offset)> results, int bytes)
    {
        int before = _placed.Count;
        _placed.AddRange(results);
        if (_block.Length == 0 || bytes > _bytes)
        {
            _block = GC.AllocateUninitializedArray<byte>(bytes + StoragePool.Alignment, pinned: true);
            (_bytes, before) = (bytes, 0);
        }

        int start = Storage.FirstAligned(_block);
        for (int i = before; i < _placed.Count; i++)
        {
            _placed[i].Storage.Move(_block, start + _placed[i].Offset);
        }
    }
}
