using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quincunx.Runs.Artifacts;

/// <summary>JSON files of a run: indented, keys in declaration order and camelCase, LF, round-trip numbers.</summary>
/// <remarks>JSON has no NaN: it is written as <c>null</c>, infinities as the strings <c>"Infinity"</c> and <c>"-Infinity"</c>; reading
/// undoes both for numbers.</remarks>
public static class JsonArtifact
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new NonFiniteDouble(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonSerializerOptions LineOptions = new(Options) { WriteIndented = false };

    /// <summary>Writes a record, dictionary or list, and a final line end.</summary>
    public static void Write<T>(Stream stream, T value)
    {
        ArgumentNullException.ThrowIfNull(stream);
        JsonSerializer.Serialize(stream, value, Options);
        stream.Write("\n"u8);
    }

    /// <summary>The same text as <see cref="Write"/>.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    /// <summary>The same value as one line without a line end, for streams of records.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, LineOptions);

    /// <summary>A value from its text.</summary>
    /// <exception cref="JsonException">It is not JSON, or not of the form of <typeparamref name="T"/>.</exception>
    internal static T Parse<T>(ReadOnlySpan<byte> text)
        where T : class => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null");

    /// <exception cref="ArtifactException">Missing, not JSON, or not of the form of <typeparamref name="T"/>; names line and position.</exception>
    public static T Read<T>(string path)
        where T : class
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 14);
            return JsonSerializer.Deserialize<T>(file, Options)
                ?? throw new ArtifactException(path, "null", "an object");
        }
        catch (JsonException e)
        {
            string? entry = e.LineNumber is { } line ? $"line {line + 1}, byte {(e.BytePositionInLine ?? 0) + 1}" : null;
            throw new ArtifactException(path, $"text that cannot be read as {typeof(T).Name} ({FirstSentence(e.Message)})", "valid JSON", entry, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw DiskFault.Reading(path, e);
        }
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private sealed class NonFiniteDouble : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null => double.NaN,
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
            JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
            _ => throw new JsonException("Expected a number, null, \"Infinity\" or \"-Infinity\"."),
        };

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else if (double.IsNaN(value))
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
            }
        }
    }
}
