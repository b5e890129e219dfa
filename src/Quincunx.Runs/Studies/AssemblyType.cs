using System.Text.Json.Serialization;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Studies;

/// <summary>A type of a .NET assembly that a study names, beside its simulator, and what an object of it was made with.</summary>
/// <param name="Assembly">Its file, relative to the study's folder.</param>
/// <param name="Type">Its full name.</param>
/// <param name="Options">Arguments of its constructor by name, as texts.</param>
/// <param name="Files">The assembly and those beside it that it uses.</param>
public sealed record AssemblyType(string Assembly, string Type, IReadOnlyDictionary<string, string> Options, IReadOnlyList<StudyInput> Files)
{
    /// <summary>The object; null where these are the facts of a network, which are read without the study.</summary>
    [JsonIgnore]
    internal object? Instance { get; init; }

    /// <summary>"Summary.Moments of bin/summary.dll (order 2)".</summary>
    internal string Describe() => $"{Type} of {Assembly}{(Options.Count > 0 ? $" ({string.Join(", ", Sorted.Select(o => $"{o.Key} {o.Value}"))})" : "")}";

    /// <summary>Whether an object of the one does what an object of the other does: names of files may differ, not what they hold.</summary>
    internal bool Equivalent(AssemblyType other) => Type == other.Type && Sorted.SequenceEqual(other.Sorted) && Contents.SequenceEqual(other.Contents, StringComparer.Ordinal);

    internal void AddTo(InputHash hash)
    {
        hash.Add("type", Type).Add("options", Sorted.Select(o => $"{o.Key}={o.Value}")).Add("files", Files.Select(f => f.Name)).Add("contents", Files.Select(f => f.Fingerprint.Sha256));
    }

    private IEnumerable<KeyValuePair<string, string>> Sorted => Options.OrderBy(o => o.Key, StringComparer.Ordinal);

    private IEnumerable<string> Contents => Files.Select(f => f.Fingerprint.Sha256).Order(StringComparer.Ordinal);
}
