namespace Quincunx.Runs.Shards;

/// <summary>When simulations are kept in shards, and how large these are.</summary>
internal static class ShardSize
{
    // A window of training holds a sixteenth of the memory in float32, an eighth as it is stored: 16 shards, which is enough to mix.
    private const int PartOfMemory = 256, FloatsOverDoubles = 8;

    // Beyond this, longer reading gains nothing, and a kill would cost more.
    private const long Largest = 16 << 20;

    /// <param name="rowBytes">Of a simulation, as float64.</param>
    public static bool Exceeds(long rows, long rowBytes, long memory) => rows * rowBytes > memory;

    /// <summary>Simulations in a shard.</summary>
    public static int Rows(long rowBytes, long memory) => (int)Math.Max(1, Math.Min(memory / (PartOfMemory / FloatsOverDoubles), Largest) / rowBytes);
}
