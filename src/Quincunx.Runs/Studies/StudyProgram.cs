using Quincunx.Runs.Programs;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Studies;

/// <summary>The program that is a study's simulator, and the files that it consists of.</summary>
public sealed class StudyProgram : IDisposable
{
    private readonly ProgramOptions _options;

    internal StudyProgram(ProgramSimulator simulator, ProgramOptions options, IReadOnlyList<StudyInput> inputs) => (Simulator, _options, Inputs) = (simulator, options, inputs);

    /// <summary>Takes parameters in the program's order, unlike <see cref="Study.Simulator"/>.</summary>
    public ProgramSimulator Simulator { get; }

    /// <summary>Files that the simulations depend on.</summary>
    public IReadOnlyList<StudyInput> Inputs { get; }

    /// <summary>Ends its processes.</summary>
    public void Dispose() => Simulator.Dispose();

    /// <summary>All that its simulations depend on but parameters and seeds; of the limits those that make a simulation fail.</summary>
    internal void AddTo(InputHash hash)
    {
        hash.Add("command", _options.Command);
        hash.Add("names", Simulator.ParameterNames);
        hash.Add("outputs", Simulator.OutputNames);
        hash.Add("environment", _options.Environment.Select(v => $"{v.Name}={v.Value}"));
        hash.Add("timeout", _options.Timeout?.TotalSeconds ?? 0);
        hash.Add("build", _options.Build ?? []);
        hash.Add("memory", _options.Memory ?? 0);
        hash.Add("files", Inputs.Select(i => i.Name));
        hash.Add("contents", Inputs.Select(i => i.Fingerprint.Sha256));
    }
}
