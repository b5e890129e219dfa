namespace Quincunx.Runs.Store;

/// <summary>A file that a stage made.</summary>
/// <param name="File">Path inside the run folder, with forward slashes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record OutputFile(string File, string Sha256, long Bytes);
