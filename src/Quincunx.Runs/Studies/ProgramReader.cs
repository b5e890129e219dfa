using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the form of the key <c>simulator</c> that names a program.</summary>
/// <param name="expected">Names under the key <c>prior</c>.</param>
internal sealed class ProgramReader(string studyFile, IReadOnlyList<string> expected, ProblemList problems)
{
    private const string Wildcard = "*";
    private readonly string _folder = Path.GetDirectoryName(studyFile) is { Length: > 0 } folder ? folder : ".";

    public StudyProgram? Read(StudyMap map)
    {
        if (map.Find("command") is not { } command)
        {
            return null;
        }

        string[] words = Texts(command);
        string[]? build = map.Find("build") is { } made ? Texts(made) : null;
        StudyInput[]? inputs = ReadFiles([.. words, .. build ?? []], map.Find("files"));
        if (inputs is null || Repeated(map.Find("parameters")) || Repeated(map.Find("outputs")))
        {
            return null;
        }

        var options = new ProgramOptions
        {
            Command = words,
            Folder = _folder,
            File = studyFile,
            Expected = expected,
            Parameters = map.Find("parameters") is { } parameters ? Texts(parameters) : null,
            Outputs = map.Find("outputs") is not { } outputs ? null : outputs.Content is long count ? ProgramAnnouncement.Numbered(count) : Texts(outputs),
            Environment = map.Find("environment") is { Map: var variables } ? [.. variables.Keys.Select(name => (name, (string)variables.Find(name)!.Content))] : [],
            Build = build,
            Files = [.. inputs.Select(i => i.Name)],
            Workers = map.Integer("workers"),
            Memory = map.Find("memory") is { Content: string size } ? SizeRule.Bytes(size) : null,
            Timeout = map.Find("timeout") is { Content: string time } ? DurationRule.Time(time) : null,
            RestartAfter = map.Find("restart-after") is { Content: long most } ? most : null,
            Mode = map.Text("mode") switch { "json" => ProgramMode.Json, "npy" => ProgramMode.Npy, _ => null },
        };
        var program = new ProgramSimulator(options);
        try
        {
            // Started here, if it has to be, so that what is wrong with it is a problem of the study.
            _ = (program.ParameterNames, program.OutputNames);
            return new StudyProgram(program, options, inputs);
        }
        catch (ProgramException e)
        {
            program.Dispose();
            problems.Add(command, e.Found, e.Expected, ProgramException.Quote(e.Errors) is { Length: > 0 } errors ? errors.TrimStart() : null);
            return null;
        }
    }

    private static string[] Texts(StudyValue list) => [.. list.Items.Select(item => (string)item.Content)];

    private bool Repeated(StudyValue? list)
    {
        if (list?.Content is IReadOnlyList<StudyValue> items && items.GroupBy(i => (string)i.Content, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            problems.Add(twice.Last(), $"a second '{twice.Key}'", "names that differ");
            return true;
        }

        return false;
    }

    private StudyInput[]? ReadFiles(string[] command, StudyValue? files)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string word in command)
        {
            // --config=model.json is a file as well.
            foreach (string name in (IEnumerable<string>)[word, word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]])
            {
                if (name.Length > 0 && !Path.IsPathRooted(name) && File.Exists(Path.Combine(_folder, name)))
                {
                    names.Add(Relative(name));
                }
            }
        }

        int before = problems.Problems.Count;
        foreach (StudyValue item in files?.Items ?? [])
        {
            string[] found = Find((string)item.Content);
            names.UnionWith(found);
            if (found.Length == 0)
            {
                problems.Add(item, "no such file", $"one in {_folder}");
            }
        }

        try
        {
            StudyInput[] inputs = [.. names.Select(name => new StudyInput(name, FileFingerprint.Of(Path.Combine(_folder, name))))];
            return problems.Problems.Count == before ? inputs : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(files?.Line ?? 0, files?.Column ?? 0, "simulator.files", $"a file that cannot be read ({e.Message})", "readable files");
            return null;
        }
    }

    private string[] Find(string pattern)
    {
        string path = Path.Combine(_folder, pattern);
        if (File.Exists(path))
        {
            return [Relative(pattern)];
        }

        string parent = Path.GetDirectoryName(path) ?? _folder, last = Path.GetFileName(path);
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path, Wildcard, SearchOption.AllDirectories)
            : last.Contains('*', StringComparison.Ordinal) && Directory.Exists(parent) ? Directory.EnumerateFiles(parent, last)
            : [];
        return [.. files.Select(file => Relative(Path.GetRelativePath(_folder, file)))];
    }

    // One name for a file, however it was written, on every system.
    private string Relative(string name) => Path.IsPathRooted(name) ? name : Path.GetRelativePath(_folder, Path.Combine(_folder, name)).Replace(Path.DirectorySeparatorChar, '/');
}
