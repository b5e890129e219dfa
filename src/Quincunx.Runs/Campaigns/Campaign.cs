namespace Quincunx.Runs.Campaigns;

/// <summary>Simulations of one round of a study: the events 0 to <paramref name="Rows"/> of one key.</summary>
/// <param name="Name">What the round is called, unique in its store: <c>round-1</c>.</param>
/// <param name="Key">Hash of all that an event is a function of besides its number: simulator, prior, seed, region. Not of how many there are, so that a longer campaign goes on from a shorter one.</param>
/// <param name="Parameters">Names of the columns of theta.</param>
/// <param name="Outputs">Names of the columns of x.</param>
/// <param name="Rows">Events that are wanted; at least 1.</param>
internal sealed record Campaign(string Name, string Key, IReadOnlyList<string> Parameters, IReadOnlyList<string> Outputs, long Rows)
{
    // Large enough that a database row costs nothing beside its content, small enough that what is damaged or not yet whole is soon made again.
    private const int BlockBytes = 1 << 20;

    /// <summary>Bytes of an event: theta, then x, as float64.</summary>
    public int RowBytes => RowBytesOf(Parameters.Count, Outputs.Count);

    /// <summary>Events in a block; the last one of a campaign has what is left.</summary>
    public int BlockRows => BlockRowsOf(RowBytes);

    /// <summary>Number of blocks.</summary>
    public long Blocks => (Rows + BlockRows - 1) / BlockRows;

    public static int RowBytesOf(int parameters, int outputs) => checked(sizeof(double) * (parameters + outputs));

    /// <summary>A function of the length of a row alone, so that every machine cuts a campaign alike.</summary>
    public static int BlockRowsOf(int rowBytes) => Math.Max(1, BlockBytes / rowBytes);

    /// <summary>The events of a block.</summary>
    /// <param name="number">From 0.</param>
    public EventRange Block(long number) => new(number * BlockRows, Math.Min(Rows, (number + 1) * BlockRows));
}
