using System.Security.Cryptography;

namespace Quincunx.Runs.Artifacts;

/// <summary>What a file's bytes were.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Length of the file.</param>
public readonly record struct FileFingerprint(string Sha256, long Bytes)
{
    /// <exception cref="ArtifactException">The file is missing or cannot be read.</exception>
    public static FileFingerprint Of(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            string hash = Convert.ToHexStringLower(SHA256.HashData(file));
            return new FileFingerprint(hash, file.Position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Reading(path, e);
        }
    }
}
