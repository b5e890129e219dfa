namespace Quincunx.Runs.Campaigns;

/// <summary>When simulations are read block by block while a network is trained, and in which parts.</summary>
internal static class StreamSize
{
    // A window of training holds a sixteenth of the memory in float32, an eighth as it is stored: 4 parts or more even of a small memory, and 16 of one where a part is a whole block.
    private const int PartsOfMemory = 32;

    /// <param name="rowBytes">Of a simulation, as float64.</param>
    public static bool Exceeds(long rows, long rowBytes, long memory) => rows * rowBytes > memory;

    /// <summary>Bytes of a part of a block at most.</summary>
    public static long Part(long memory) => memory / PartsOfMemory;
}
