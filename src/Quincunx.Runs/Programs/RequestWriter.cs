using System.Buffers;
using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Programs;

/// <summary>What is sent to a program. Without blanks and with the keys in this order, so that even a shell can take it apart.</summary>
internal static class RequestWriter
{
    private static readonly JsonWriterOptions Json = new() { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first line that a process gets.</summary>
    public static byte[] Greeting(IReadOnlyList<string> parameters, ProgramMode? mode) => Write((writer, _) =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("quincunx", ProgramAnnouncement.Protocol);
        writer.WriteStartArray("parameters");
        foreach (string name in parameters)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        if (mode is { } wanted)
        {
            writer.WriteString("mode", wanted == ProgramMode.Npy ? "npy" : "json");
        }

        writer.WriteEndObject();
    });

    public static byte[] Request(ProgramMode mode, long id, ProgramBatch batch)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (24 * batch.Theta.Length));
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            if (mode == ProgramMode.Npy)
            {
                writer.WriteNumber("rows", batch.Rows);
                writer.WriteStartArray("arrays");
                writer.WriteStringValue("theta");
                writer.WriteStringValue("seeds");
                if (batch.HypothesisCount > 0)
                {
                    writer.WriteStringValue("hypotheses");
                }

                writer.WriteEndArray();
            }
            else
            {
                WriteRows(writer, "theta", batch.Theta, batch.Parameters);
                writer.WriteStartArray("seeds");
                foreach (long seed in batch.Seeds)
                {
                    writer.WriteNumberValue(seed);
                }

                writer.WriteEndArray();
                if (batch.HypothesisCount > 0)
                {
                    WriteRows(writer, "hypotheses", batch.Hypotheses, batch.Parameters);
                }
            }

            if (!batch.Score.IsEmpty)
            {
                writer.WriteBoolean("score", true);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        if (mode == ProgramMode.Json)
        {
            return buffer.WrittenSpan.ToArray();
        }

        using var stream = new MemoryStream(buffer.WrittenCount + 512 + (8 * (batch.Theta.Length + batch.Rows + batch.Hypotheses.Length)));
        stream.Write(buffer.WrittenSpan);
        NpyFormat.Write(stream, NpyArray.Of(batch.Theta.ToArray(), batch.Rows, batch.Parameters));
        NpyFormat.Write(stream, NpyArray.Of(batch.Seeds.ToArray()));
        if (batch.HypothesisCount > 0)
        {
            NpyFormat.Write(stream, NpyArray.Of(batch.Hypotheses.ToArray(), batch.HypothesisCount, batch.Parameters));
        }

        return stream.ToArray();
    }

    private static void WriteRows(Utf8JsonWriter writer, string name, ReadOnlySpan<double> values, int width)
    {
        writer.WriteStartArray(name);
        for (int from = 0; from < values.Length; from += width)
        {
            writer.WriteStartArray();
            foreach (double value in values.Slice(from, width))
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter, ArrayBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            write(writer, buffer);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
