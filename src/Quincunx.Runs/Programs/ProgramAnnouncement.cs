using System.Globalization;
using System.Text.Json;

namespace Quincunx.Runs.Programs;

/// <summary>What a program says of itself when it starts.</summary>
public sealed record ProgramAnnouncement
{
    /// <summary>Version of the protocol that we speak.</summary>
    public const int Protocol = 1;

    private const int MostOutputs = 1 << 24;

    /// <summary>In the order in which it takes them; null if it does not say.</summary>
    public required IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>One name for each number, those with a shape spelled out; null if it does not say.</summary>
    public required IReadOnlyList<string>? Outputs { get; init; }

    public required ProgramMode Mode { get; init; }

    /// <summary>It can give the joint score of an event.</summary>
    public required bool HasScore { get; init; }

    /// <summary>It can give joint ratios to other parameters.</summary>
    public required bool HasRatios { get; init; }

    /// <summary>A text for people; null if there is none.</summary>
    public required string? Version { get; init; }

    /// <summary>Names of outputs <c>x_1</c> to <c>x_count</c>.</summary>
    internal static string[] Numbered(long count) => [.. Enumerable.Range(1, (int)count).Select(i => $"x_{i.ToString(CultureInfo.InvariantCulture)}")];

    /// <exception cref="FormatException">It is no announcement that we understand: the message reads "found …, expected …" without its first word.</exception>
    internal static ProgramAnnouncement Read(JsonElement line)
    {
        JsonElement protocol = Find(line, "quincunx") ?? throw new FormatException("a first message without the key 'quincunx', expected the version of the protocol there");
        if (protocol.ValueKind != JsonValueKind.Number || !protocol.TryGetInt32(out int version) || version != Protocol)
        {
            throw new FormatException($"version {protocol} of the protocol, expected {Protocol}");
        }

        string[] gives = Find(line, "gives") is { } list ? Names(list, "gives") : [];
        return new ProgramAnnouncement
        {
            Parameters = Find(line, "parameters") is { } parameters ? Distinct(Names(parameters, "parameters"), "parameters") : null,
            Outputs = Find(line, "outputs") is { } outputs ? Distinct(OutputsOf(outputs), "outputs") : null,
            Mode = Find(line, "mode") is not { } mode ? ProgramMode.Json
                : mode.ValueKind == JsonValueKind.String && mode.GetString() is "json" or "npy" ? mode.GetString() == "npy" ? ProgramMode.Npy : ProgramMode.Json
                : throw new FormatException($"mode {mode.GetRawText()}, expected \"json\" or \"npy\""),
            HasScore = gives.Contains("score", StringComparer.Ordinal),
            HasRatios = gives.Contains("ratios", StringComparer.Ordinal),
            Version = Find(line, "version") is { } text ? text.ToString() : null,
        };
    }

    // Null is as good as absent: it is what a client has for "nothing" in most languages.
    private static JsonElement? Find(JsonElement line, string key) =>
        line.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string[] Names(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String && v.GetString()!.Length > 0)
            ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
            : throw new FormatException($"{key} {Short(value)}, expected a list of names");

    private static string[] OutputsOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt32(out int count) && count is > 0 and <= MostOutputs ? Numbered(count)
                : throw new FormatException($"outputs {value}, expected a number from 1 to {MostOutputs}");
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            throw new FormatException($"outputs {Short(value)}, expected a number, or a list of names");
        }

        var names = new List<string>();
        foreach (JsonElement output in value.EnumerateArray())
        {
            if (output.ValueKind == JsonValueKind.String && output.GetString() is { Length: > 0 } name)
            {
                names.Add(name);
            }
            else if (output.ValueKind == JsonValueKind.Object && Find(output, "name") is { ValueKind: JsonValueKind.String } array && Find(output, "shape") is { ValueKind: JsonValueKind.Array } shape
                && shape.EnumerateArray().All(n => n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out int axis) && axis > 0)
                && shape.EnumerateArray().Aggregate(1.0, (size, n) => size * n.GetInt32()) <= MostOutputs)
            {
                names.AddRange(Spelled(array.GetString()!, [.. shape.EnumerateArray().Select(n => n.GetInt32())]));
            }
            else
            {
                throw new FormatException($"the output {Short(output)}, expected a name, or a name and a shape");
            }
        }

        return [.. names];
    }

    // image of shape [2, 2]: image_1_1, image_1_2, image_2_1, image_2_2, the last axis fastest.
    private static IEnumerable<string> Spelled(string name, int[] shape) =>
        shape.Aggregate((IEnumerable<string>)[name], (names, axis) => names.SelectMany(n => Enumerable.Range(1, axis).Select(i => $"{n}_{i.ToString(CultureInfo.InvariantCulture)}")));

    private static string[] Distinct(string[] names, string key) => names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
        ? throw new FormatException($"two {key} named '{twice.Key}', expected names that differ")
        : names.Length > 0 ? names : throw new FormatException($"no {key}, expected at least one");

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 80 } text ? text[..80] + "…" : value.GetRawText();
}
