using System.Buffers.Binary;
using System.Security.Cryptography;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Store;

/// <summary>The state of an unfinished stage on disk, from which it goes on after a kill. Deleted when the stage is complete.</summary>
/// <remarks>
/// Layout: the 8 bytes <c>QNXCHKPT</c>, format version (int32), input hash of the stage (32 bytes), length of the state (int64), the
/// state, SHA-256 of all before. What is damaged or was made from other inputs is put aside as <c>*.rejected</c> and reported.
/// </remarks>
public sealed class Checkpoint
{
    private const int Format = 1, HeaderLength = 8 + 4 + 32 + 8, HashLength = 32;
    private readonly RunFolder _folder;
    private readonly string _path;
    private readonly string _inputHash;
    private readonly Action<string> _warn;

    internal Checkpoint(RunFolder folder, string path, string inputHash, Action<string> warn)
    {
        (_folder, _path, _inputHash, _warn) = (folder, path, inputHash, warn);
    }

    private static ReadOnlySpan<byte> Magic => "QNXCHKPT"u8;

    /// <summary>Replaces the state by what <paramref name="write"/> puts into the stream, atomically.</summary>
    /// <exception cref="ArtifactException">The disk is full or cannot be written; the state of before is kept.</exception>
    public void Save(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var state = new MemoryStream();
        write(state);
        byte[] header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Format);
        Convert.FromHexString(_inputHash).CopyTo(header.AsSpan(12));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(44), state.Length);
        ReadOnlySpan<byte> bytes = state.GetBuffer().AsSpan(0, (int)state.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(bytes);
        byte[] trailer = hash.GetHashAndReset();
        long length = state.Length;
        _folder.Write(_path, "a checkpoint", stream =>
        {
            stream.Write(header);
            stream.Write(state.GetBuffer().AsSpan(0, (int)length));
            stream.Write(trailer);
        });
    }

    /// <summary>Hands the saved state to <paramref name="read"/>.</summary>
    /// <param name="read">Throws <see cref="InvalidDataException"/>, <see cref="EndOfStreamException"/> or
    /// <see cref="ArtifactException"/> if it cannot use the state, and has changed nothing then.</param>
    /// <returns>False if there is none that can be used: the stage starts from the beginning.</returns>
    public bool TryLoad(Action<Stream> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        byte[] bytes;
        try
        {
            if (!File.Exists(_path))
            {
                return false;
            }

            bytes = File.ReadAllBytes(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reject($"it cannot be read ({e.Message})");
        }

        if (Fault(bytes) is { } fault)
        {
            return Reject(fault);
        }

        try
        {
            using var state = new MemoryStream(bytes, HeaderLength, bytes.Length - HeaderLength - HashLength, writable: false);
            read(state);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArtifactException)
        {
            return Reject($"its state cannot be used ({e.Message})");
        }
    }

    private string? Fault(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength + HashLength || !bytes[..8].SequenceEqual(Magic))
        {
            return "it is truncated or no checkpoint";
        }

        Span<byte> hash = stackalloc byte[HashLength];
        SHA256.HashData(bytes[..^HashLength], hash);
        if (!hash.SequenceEqual(bytes[^HashLength..]) || BinaryPrimitives.ReadInt64LittleEndian(bytes[44..]) != bytes.Length - HeaderLength - HashLength)
        {
            return "it is damaged: its checksum differs";
        }

        int format = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        return format != Format ? $"it has format {format}, not {Format}"
            : !bytes.Slice(12, 32).SequenceEqual(Convert.FromHexString(_inputHash)) ? "it was made from other inputs"
            : null;
    }

    private bool Reject(string reason)
    {
        string aside = Path.ChangeExtension(_path, ".rejected");
        _folder.PutAside(_path, aside);
        _warn($"The checkpoint {_path} is not used: {reason}. It was renamed to {Path.GetFileName(aside)}; the stage starts from its beginning.");
        return false;
    }
}
