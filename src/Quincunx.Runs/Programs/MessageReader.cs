using System.Text;
using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Programs;

/// <summary>Cuts a program's standard output into messages.</summary>
/// <param name="output">Read from the thread that asks alone.</param>
/// <param name="stray">Gets each line that is no message, without its end.</param>
internal sealed class MessageReader(Stream output, Action<string> stray)
{
    // A line of numbers: a batch is at most some megabytes of them, and one simulation's outputs are what the user makes of them.
    private const int LongestLine = 1 << 30, LongestStray = 1 << 12;
    private readonly byte[] _buffer = new byte[1 << 16];
    private byte[] _line = new byte[256];
    private int _next, _end;
    private bool _binary;                       // as the announcement says: a line that is no message could then as well be bytes of an array

    /// <summary>The next message; null at the end of the output.</summary>
    /// <exception cref="FormatException">It breaks the protocol: the message reads "what was found, expected …".</exception>
    public ProgramMessage? Read()
    {
        while (ReadLine() is { } line)
        {
            if (Parse(line.Span) is { } head)
            {
                _binary |= head.TryGetProperty("quincunx", out _) && head.TryGetProperty("mode", out JsonElement mode) && mode.ValueKind == JsonValueKind.String && mode.ValueEquals("npy");
                return new ProgramMessage(head, ReadArrays(head));
            }

            string text = Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, LongestStray)]).TrimEnd('\r');
            if (_binary)
            {
                throw new FormatException($"the line '{Cut(text)}' on its standard output, expected one of the protocol: in binary mode nothing else may be printed there");
            }

            // The rest of such a line may well be an answer, and whoever goes on waits for it forever.
            if (line.Span.IndexOf("{\"id\":"u8) > 0)
            {
                throw new FormatException($"an answer behind other text, '{Cut(text)}', expected it on a line of its own");
            }

            if (text.Length > 0)
            {
                stray(text);
            }
        }

        return null;
    }

    internal static string Cut(string text) => text.Length > 120 ? text[..120] + "…" : text;

    private static JsonElement? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length == 0 || line[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            JsonElement head = JsonElement.ParseValue(ref reader);
            return head.TryGetProperty("id", out _) || head.TryGetProperty("quincunx", out _) ? head : null;
        }
        catch (JsonException e)
        {
            string text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestStray)]);
            return line.StartsWith("{\"id\""u8) ? throw new FormatException($"the line '{Cut(text)}', which is no JSON ({e.Message}), expected an answer", e) : null;
        }
    }

    private List<(string Name, NpyArray Array)> ReadArrays(JsonElement head)
    {
        var arrays = new List<(string, NpyArray)>();
        if (head.TryGetProperty("arrays", out JsonElement names) && names.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement name in names.EnumerateArray())
            {
                try
                {
                    arrays.Add((name.ToString(), NpyFormat.ReadNext(new Rest(this), name.ToString())));
                }
                catch (ArtifactException e)
                {
                    throw new FormatException($"{e.Found} in the array {name}, expected {e.Expected}", e);
                }
            }
        }

        return arrays;
    }

    private ReadOnlyMemory<byte>? ReadLine()
    {
        int length = 0;
        while (true)
        {
            if (_next == _end && !Fill())
            {
                // A plain null would be converted to memory without bytes here, by way of an array.
                return length > 0 ? _line.AsMemory(0, length) : default(ReadOnlyMemory<byte>?);
            }

            int place = _buffer.AsSpan(_next, _end - _next).IndexOf((byte)'\n'), count = place < 0 ? _end - _next : place;
            if (length + count > _line.Length)
            {
                if ((long)length + count > LongestLine)
                {
                    throw new FormatException($"a line of more than {LongestLine} bytes, expected an end of it before");
                }

                Array.Resize(ref _line, (int)Math.Min(LongestLine, Math.Max(2L * _line.Length, length + count)));
            }

            _buffer.AsSpan(_next, count).CopyTo(_line.AsSpan(length));
            (length, _next) = (length + count, _next + count + (place < 0 ? 0 : 1));
            if (place >= 0)
            {
                return _line.AsMemory(0, length);
            }
        }
    }

    private int ReadDirect(Span<byte> into) => output.Read(into);

    private bool Fill()
    {
        (_next, _end) = (0, output.Read(_buffer));
        return _end > 0;
    }

    // What follows a line, as a stream: first what has been read already.
    private sealed class Rest(MessageReader reader) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (reader._next == reader._end && (buffer.Length >= reader._buffer.Length || !reader.Fill()))
            {
                return buffer.Length >= reader._buffer.Length ? reader.ReadDirect(buffer) : 0;
            }

            int count = Math.Min(buffer.Length, reader._end - reader._next);
            reader._buffer.AsSpan(reader._next, count).CopyTo(buffer);
            reader._next += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
