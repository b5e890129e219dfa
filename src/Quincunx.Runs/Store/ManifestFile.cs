using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Store;

/// <summary>Reads <c>manifest.json</c> with messages that say what to do when it cannot be used.</summary>
internal static class ManifestFile
{
    private const string Advice =
        "the manifest of a run (restore it, or delete it to run every stage again; the other files are kept until they are replaced)";

    /// <returns>Null if there is none.</returns>
    /// <exception cref="ArtifactException">Damaged, or of a newer format.</exception>
    public static RunManifest? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        RequireFormat(path);
        RunManifest manifest;
        try
        {
            manifest = JsonArtifact.Read<RunManifest>(path);
        }
        catch (ArtifactException e) when (e.InnerException is JsonException)
        {
            throw new ArtifactException(path, "damage: " + e.Found, Advice, e.Entry, e);
        }

        string? fault =
            manifest.Stages.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"two stages '{twice.Key}'"
            : manifest.Stages.SelectMany(s => s.Outputs).FirstOrDefault(o => !RunFolder.IsFileName(o.File)) is { } odd ? $"the file name '{odd.File}'"
            : null;
        return fault is null ? manifest : throw new ArtifactException(path, "damage: " + fault, Advice);
    }

    // The version is looked at before anything else, since all else may have changed with it.
    private static void RequireFormat(string path)
    {
        long format;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            format = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("format", out JsonElement value) && value.TryGetInt64(out long number)
                ? number
                : throw new ArtifactException(path, "damage: no format number", Advice);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string? entry = e is JsonException { LineNumber: { } line } ? $"line {line + 1}" : null;
            throw new ArtifactException(path, "damage: text that is not JSON", Advice, entry, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not ArtifactException)
        {
            throw DiskFault.Reading(path, e);
        }

        if (format > RunManifest.CurrentFormat)
        {
            throw new ArtifactException(
                path,
                $"format {format}, of a newer version of Quincunx",
                $"format {RunManifest.CurrentFormat} (use the newer version, or another folder with --out; nothing was changed)");
        }

        if (format < 1)
        {
            throw new ArtifactException(path, $"damage: format {format}", Advice);
        }
    }
}
