using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Cli;

/// <summary>What the command line shows of <c>metrics.json</c>; the file holds more.</summary>
/// <param name="Quantities">Numbers at the top level: the results of an experiment, and none for a posterior.</param>
internal sealed record RunMetrics(RunVerdict? Verdict, IReadOnlyList<ParameterSummary> Parameters, IReadOnlyList<QuantitySummary> Quantities)
{
    public const string FileName = "metrics.json";
    private const int Format = 1;
    private const string ErrorSuffix = "_error";

    /// <exception cref="ArtifactException">It cannot be read, is damaged, or is of a newer version.</exception>
    public static RunMetrics Read(string path)
    {
        var root = JsonArtifact.Read<Dictionary<string, JsonElement>>(path);
        if (!root.TryGetValue("format", out JsonElement number) || !number.TryGetInt32(out int format) || format < 1)
        {
            throw new ArtifactException(path, "no format number", "the metrics of a run");
        }

        if (format > Format)
        {
            throw new ArtifactException(path, $"format {format}, of a newer version of Quincunx", $"format {Format}");
        }

        try
        {
            RunVerdict? verdict = root.TryGetValue("verdict", out JsonElement v) && v.ValueKind == JsonValueKind.Object ? ReadVerdict(path, v) : null;
            ParameterSummary[] parameters = root.TryGetValue("parameters", out JsonElement list)
                ? [.. list.EnumerateArray().Select(p => new ParameterSummary(
                    p.GetProperty("name").GetString() ?? "", Number(p, "mean"), Number(p, "sd"), Number(p, "q025"), Number(p, "q975"),
                    p.TryGetProperty("networks", out JsonElement n) && n.ValueKind == JsonValueKind.Object ? new NetworkSpread(Number(n, "mean"), Number(n, "q025"), Number(n, "q975")) : null))]
                : [];
            return new RunMetrics(verdict, parameters, Summaries(root));
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ArtifactException(path, "a verdict or parameters of another form", "the metrics of a run", inner: e);
        }
    }

    // In the order of the file; a number named like another with "_error" behind is that one's.
    private static QuantitySummary[] Summaries(Dictionary<string, JsonElement> root) =>
    [
        .. root.Where(e => e.Key != "format" && e.Value.ValueKind == JsonValueKind.Number && !(e.Key.EndsWith(ErrorSuffix, StringComparison.Ordinal) && root.ContainsKey(e.Key[..^ErrorSuffix.Length])))
            .Select(e => new QuantitySummary(e.Key, e.Value.GetDouble(), root.TryGetValue(e.Key + ErrorSuffix, out JsonElement error) && error.ValueKind == JsonValueKind.Number ? error.GetDouble() : null)),
    ];

    private static RunVerdict ReadVerdict(string path, JsonElement verdict)
    {
        string level = verdict.GetProperty("level").GetString() ?? "";
        return level is RunVerdict.Trusted or RunVerdict.Caution or RunVerdict.DoNotTrust
            ? new RunVerdict(level, [.. verdict.GetProperty("reasons").EnumerateArray().Select(r => r.GetString() ?? "")])
            : throw new ArtifactException(path, $"the verdict '{level}'", $"{RunVerdict.Trusted}, {RunVerdict.Caution} or {RunVerdict.DoNotTrust}");
    }

    // Not a number is null, and infinities are texts: they are shown, not counted with.
    private static double Number(JsonElement parameter, string key) => !parameter.TryGetProperty(key, out JsonElement value) ? double.NaN : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when value.ValueEquals("Infinity") => double.PositiveInfinity,
        JsonValueKind.String when value.ValueEquals("-Infinity") => double.NegativeInfinity,
        _ => double.NaN,
    };
}
