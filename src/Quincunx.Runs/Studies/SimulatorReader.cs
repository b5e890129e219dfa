using Quincunx.Inference.Simulation;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the key <c>simulator</c> with the catalogue's help.</summary>
internal sealed class SimulatorReader(string studyFile, ISimulatorCatalog catalog, ProblemList problems, AssemblyReader assemblies, string? recorded = null)
{
    /// <summary>The program, where the study's simulator is one.</summary>
    public StudyProgram? Program { get; private set; }

    /// <summary>The file of simulations, where the study has one in place of a simulator.</summary>
    public RecordingReader? Recording { get; private set; }

    /// <summary>Files that the simulator consists of, where it is of an assembly.</summary>
    public IReadOnlyList<StudyInput> Files { get; private set; } = [];

    /// <param name="expected">Names under the key <c>prior</c>.</param>
    /// <returns>No simulator if there was a problem with it.</returns>
    public (string Name, SimulatorOptions Options, ISimulator? Simulator) Read(StudyValue? value, IReadOnlyList<string> expected)
    {
        if (value?.Content is StudyMap { Keys: var keys } form && keys.Contains("command", StringComparer.Ordinal))
        {
            Program = new ProgramReader(studyFile, expected, problems).Read(form);
            return (Program?.Simulator.Name ?? "the program", SimulatorOptions.None, Program?.Simulator);
        }

        if (value?.Content is StudyMap { Keys: var others } record && others.Contains("recorded", StringComparer.Ordinal))
        {
            Recording = new RecordingReader(studyFile, expected, problems, recorded);
            return ("recorded simulations", SimulatorOptions.None, Recording.Read(record));
        }

        if (value?.Content is StudyMap assembly && assembly.Keys.Contains("assembly", StringComparer.Ordinal))
        {
            (string type, SimulatorOptions arguments, AssemblyType? own) = assemblies.Read(assembly, TypeContract.Simulator);
            Files = own?.Files ?? [];
            return (type, arguments, (ISimulator?)own?.Instance);
        }

        StudyValue? name = value?.Content is StudyMap map ? map.Find("name") : value;
        if (name?.Content is not string word)
        {
            return ("", SimulatorOptions.None, null);
        }

        if (!catalog.Names.Contains(word, StringComparer.Ordinal))
        {
            problems.Add(name, $"'{word}'", $"one of {string.Join(", ", catalog.Names)}", Nearest.Hint(word, catalog.Names));
            return (word, SimulatorOptions.None, null);
        }

        StudyValue? given = (value?.Content as StudyMap)?.Find("options");
        if (ReadOptions(word, catalog.OptionsOf(word), given) is not { } options)
        {
            return (word, SimulatorOptions.None, null);
        }

        try
        {
            return (word, options, catalog.Create(word, options));
        }
        catch (ArgumentException e)
        {
            problems.Add(given ?? name, $"options that {word} refuses ({e.Message})", "options that go together");
            return (word, options, null);
        }
    }

    private SimulatorOptions? ReadOptions(string simulator, IReadOnlyList<SimulatorOption> known, StudyValue? given)
    {
        var values = known.ToDictionary(o => o.Name, o => o.Default, StringComparer.Ordinal);
        if (new OptionsReader(problems).Read($"simulator {simulator}", [.. known.Select(o => new KeyRule(o.Name, o.Rule, o.Description, o.Default))], given) is not { } read)
        {
            return null;
        }

        foreach ((string name, object value) in read)
        {
            values[name] = value;
        }

        return new SimulatorOptions(values);
    }
}
