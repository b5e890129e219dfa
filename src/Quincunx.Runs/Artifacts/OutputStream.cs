using System.Security.Cryptography;

namespace Quincunx.Runs.Artifacts;

/// <summary>A forward-only buffered stream that hashes and counts what goes through it to the disk.</summary>
internal sealed class OutputStream(Stream target, string path, DiskStep? step) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _buffered;

    /// <summary>Bytes that reached the file.</summary>
    public long Written { get; private set; }

    /// <summary>The file refused bytes.</summary>
    public bool Faulted { get; private set; }

    public bool Finished { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !Finished;

    public override long Length => Written + _buffered;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    /// <summary>Empties the buffer and ends the stream.</summary>
    public FileFingerprint Finish()
    {
        Drain();
        Finished = true;
        return new FileFingerprint(Convert.ToHexStringLower(_hash.GetHashAndReset()), Written);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(Finished, this);
        while (!buffer.IsEmpty)
        {
            int count = Math.Min(buffer.Length, _buffer.Length - _buffered);
            buffer[..count].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += count;
            buffer = buffer[count..];
            if (_buffered == _buffer.Length)
            {
                Drain();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    // Callers' writers flush when they are disposed; what matters is Finish, which is ours.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Drain()
    {
        if (_buffered == 0)
        {
            return;
        }

        step?.Invoke("write", path);
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _buffered);
        _hash.AppendData(bytes);
        try
        {
            target.Write(bytes);
        }
        catch (IOException)
        {
            Faulted = true;
            throw;
        }

        Written += _buffered;
        _buffered = 0;
    }
}
