namespace Quincunx.Runs.Programs;

/// <summary>How numbers travel between us and a program.</summary>
public enum ProgramMode
{
    /// <summary>Lines of JSON.</summary>
    Json,

    /// <summary>A line of JSON and, behind it, arrays in NumPy's format.</summary>
    Npy,
}
