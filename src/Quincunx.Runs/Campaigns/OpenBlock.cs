using System.Runtime.InteropServices;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Campaigns;

/// <summary>A block that is being put together from pieces in memory.</summary>
internal sealed class OpenBlock
{
    private readonly int _rowBytes, _thetaBytes;
    private readonly byte[] _bytes;
    private readonly bool[] _there;

    public OpenBlock(Campaign campaign)
    {
        (_rowBytes, _thetaBytes) = (campaign.RowBytes, sizeof(double) * campaign.Parameters.Count);
        (_bytes, _there) = (new byte[campaign.BlockRows * _rowBytes], new bool[campaign.BlockRows]);
    }

    /// <summary>Number of its first event.</summary>
    public long First { get; private set; }

    /// <summary>Rows that are there.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == _there.Length;

    /// <summary>Has rows that the store does not have.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Where the stored rows <paramref name="from"/> and following go, which the caller fills.</summary>
    public Span<byte> Stored(int from, int rows)
    {
        for (int row = from; row < from + rows; row++)
        {
            Count += _there[row] ? 0 : 1;
            _there[row] = true;
        }

        return Rows(from, rows);
    }

    /// <summary>Takes events in.</summary>
    /// <param name="set">Has events <paramref name="from"/> to <paramref name="to"/>, which are of this block.</param>
    /// <param name="added">Those that were not there yet.</param>
    /// <returns>The first event that was there with other numbers, and then nothing is changed; -1 if there is none.</returns>
    public long Put(SimulationSet set, long from, long to, out EventCount added)
    {
        added = default;
        for (long number = from; number < to; number++)
        {
            if (_there[number - First] && !IsSame(set, number))
            {
                return number;
            }
        }

        for (long number = from; number < to; number++)
        {
            int row = (int)(number - First);
            if (!_there[row])
            {
                ReadOnlySpan<byte> theta = ThetaOf(set, number), x = XOf(set, number);
                theta.CopyTo(_bytes.AsSpan(row * _rowBytes));
                x.CopyTo(_bytes.AsSpan((row * _rowBytes) + _thetaBytes));
                (_there[row], IsChanged) = (true, true);
                Count++;
                added += new EventCount(1, SimulationSet.FirstNonFinite(MemoryMarshal.Cast<byte, double>(x)) >= 0 ? 1 : 0);
            }
        }

        return -1;
    }

    /// <summary>The rows that are there, as runs that are as long as can be.</summary>
    public IEnumerable<(int From, int Rows)> Runs()
    {
        for (int from = 0; from < _there.Length;)
        {
            int to = from;
            while (to < _there.Length && _there[to])
            {
                to++;
            }

            if (to > from)
            {
                yield return (from, to - from);
            }

            from = to + 1;
        }
    }

    /// <summary>Bytes of a run; those of the block itself where it is all of it.</summary>
    public byte[] Bytes(int from, int rows) => rows == _there.Length ? _bytes : Rows(from, rows).ToArray();

    /// <summary>Makes this the block that begins at another event, with nothing in it: a megabyte that is new each time would cost as much as filling it.</summary>
    public void Reset(long first)
    {
        (First, Count, IsChanged) = (first, 0, false);
        _there.AsSpan().Clear();
    }

    private Span<byte> Rows(int from, int rows) => _bytes.AsSpan(from * _rowBytes, rows * _rowBytes);

    /// <summary>All is in the store now.</summary>
    public void Saved() => IsChanged = false;

    private bool IsSame(SimulationSet set, long number)
    {
        ReadOnlySpan<byte> row = Rows((int)(number - First), 1);
        return row[.._thetaBytes].SequenceEqual(ThetaOf(set, number)) && row[_thetaBytes..].SequenceEqual(XOf(set, number));
    }

    private static ReadOnlySpan<byte> ThetaOf(SimulationSet set, long number) =>
        MemoryMarshal.AsBytes(set.Theta.AsSpan((int)(number - set.From) * set.ParameterCount, set.ParameterCount));

    private static ReadOnlySpan<byte> XOf(SimulationSet set, long number) => MemoryMarshal.AsBytes(set.X.AsSpan((int)(number - set.From) * set.OutputCount, set.OutputCount));
}
