namespace Quincunx.Runs.Studies;

/// <summary>What every study has, whatever it asks for: a run folder is kept for one of these.</summary>
/// <remarks>Disposing of it ends what it started. A study without a program has started nothing.</remarks>
public interface IStudy : IDisposable
{
    /// <summary>The study file, as the user named it.</summary>
    string File { get; }

    /// <summary>Name of the folder of a <c>study.yaml</c>, or of another file without its extension.</summary>
    string Name { get; }

    string Title { get; }

    ulong Seed { get; }

    /// <summary>The study file and the files it names.</summary>
    IReadOnlyList<StudyInput> Inputs { get; }

    /// <summary>The same study with another seed.</summary>
    IStudy WithSeed(ulong seed);
}
