namespace Quincunx.Runs.Shards;

/// <summary>What the index says of a shard.</summary>
/// <param name="File">Name beside the index: a <c>.npz</c> with <c>theta</c> [rows, parameters] and <c>x</c> [rows, outputs], float64.</param>
/// <param name="Rows">Simulations, failed ones included.</param>
/// <param name="Failed">Rows with an output that is not finite.</param>
/// <param name="FirstFailed">The first few of them, from 0 at the first simulation of all.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file: 64 lower-case hexadecimal digits.</param>
/// <param name="ThetaCrc32">Of the entry <c>theta.npy</c>, as in the zip file's directory: 8 lower-case hexadecimal digits.</param>
/// <param name="XCrc32">Of the entry <c>x.npy</c>.</param>
public sealed record ShardEntry(
    string File, int Rows, int Failed, IReadOnlyList<long> FirstFailed, long Bytes, string Sha256, string ThetaCrc32, string XCrc32);
