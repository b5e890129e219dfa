using System.Globalization;
using System.Reflection;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads mappings that name a type in a .NET assembly, with options that are arguments of its constructor. An assembly that several keys name is loaded once.</summary>
internal sealed class AssemblyReader(string studyFile, ProblemList problems)
{
    private readonly Dictionary<string, (StudyAssembly Assembly, IReadOnlyList<StudyInput> Files)> _loaded = new(StringComparer.Ordinal);

    /// <param name="map">With the keys assembly, type and options.</param>
    /// <param name="contract">What the type has to be.</param>
    /// <returns>Name and options of the type, for what is said further about it, and the object; null if there was a problem.</returns>
    public (string Name, SimulatorOptions Options, AssemblyType? Type) Read(StudyMap map, TypeContract contract)
    {
        if (map.Find("assembly") is not { } file || map.Find("type") is not { } type)
        {
            return ("the assembly", SimulatorOptions.None, null);
        }

        string typeName = (string)type.Content, folder = Path.GetDirectoryName(studyFile) is { Length: > 0 } parent ? parent : ".", path = Path.Combine(folder, (string)file.Content);
        if (!File.Exists(path))
        {
            problems.Add(file, $"no such file {path}", "a .NET assembly");
            return (typeName, SimulatorOptions.None, null);
        }

        StudyValue at = file;
        StudyAssembly? assembly = null;
        try
        {
            (assembly, IReadOnlyList<StudyInput> files) = Load(folder, path);
            at = type;
            ConstructorInfo constructor = assembly.Constructor(typeName, contract);
            if (Options(constructor, map.Find("options"), contract) is not { } options)
            {
                return (typeName, SimulatorOptions.None, null);
            }

            return Create(constructor, options, type, contract) is { } instance
                ? (typeName, options, new AssemblyType((string)file.Content, typeName, options.All.ToDictionary(o => o.Name, o => Convert.ToString(o.Value, CultureInfo.InvariantCulture)!, StringComparer.Ordinal), files) { Instance = instance })
                : (typeName, options, null);
        }
        catch (FormatException e)
        {
            string[] parts = e.Message.Split(", expected ", 2);
            problems.Add(at, parts[0], parts[^1], at == type ? assembly?.Hint(typeName, contract) : null);
        }
        catch (Exception e) when (e is IOException or ReflectionTypeLoadException or TypeLoadException)
        {
            problems.Add(at, $"an assembly that cannot be loaded ({e.Message.TrimEnd('.')})", "one with all that it uses beside it");
        }

        return (typeName, SimulatorOptions.None, null);
    }

    private (StudyAssembly Assembly, IReadOnlyList<StudyInput> Files) Load(string folder, string path)
    {
        string full = Path.GetFullPath(path);
        if (!_loaded.TryGetValue(full, out var loaded))
        {
            var assembly = new StudyAssembly(path);
            _loaded[full] = loaded = (assembly, [.. assembly.Files.Select(f => new StudyInput(Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'), FileFingerprint.Of(f)))]);
        }

        return loaded;
    }

    private SimulatorOptions? Options(ConstructorInfo constructor, StudyValue? given, TypeContract contract)
    {
        var rules = new List<KeyRule>();
        foreach (ParameterInfo parameter in constructor.GetParameters())
        {
            Rule? rule = Type.GetTypeCode(parameter.ParameterType) switch
            {
                TypeCode.Double => new NumberRule(),
                TypeCode.Int32 when !parameter.ParameterType.IsEnum => new IntegerRule(int.MinValue, int.MaxValue),
                TypeCode.Int64 when !parameter.ParameterType.IsEnum => new IntegerRule(-Study.MaximumSeed, Study.MaximumSeed),
                TypeCode.Boolean => new BooleanRule(),
                TypeCode.String => new TextRule("a text"),
                _ => null,
            };
            if (rule is null && !parameter.HasDefaultValue)
            {
                throw new FormatException($"the constructor's parameter '{parameter.Name}' of type {parameter.ParameterType.Name}, expected numbers, truth values and texts");
            }

            if (rule is not null)
            {
                rules.Add(new KeyRule(parameter.Name!, rule, parameter.Name!, Required: !parameter.HasDefaultValue));
            }
        }

        if (given is null && rules.Find(r => r.Required) is { } missing)
        {
            throw new FormatException($"no options, expected {missing.Name}: {missing.Rule.Expected}");
        }

        return new OptionsReader(problems).Read($"{contract.Noun} {constructor.DeclaringType!.Name}", rules, given) is { } values ? new SimulatorOptions(values) : null;
    }

    private object? Create(ConstructorInfo constructor, SimulatorOptions options, StudyValue type, TypeContract contract)
    {
        object?[] arguments = [.. constructor.GetParameters().Select(p => options.All.FirstOrDefault(o => o.Name == p.Name).Value is { } value
            ? Convert.ChangeType(value, p.ParameterType, CultureInfo.InvariantCulture)
            : p.DefaultValue)];
        try
        {
            return constructor.Invoke(arguments);
        }
        catch (TargetInvocationException e)
        {
            Exception inner = e.InnerException ?? e;
            problems.Add(type, $"a constructor that throws {inner.GetType().Name} ({inner.Message.TrimEnd('.')})", $"{(contract.Noun[0] is 'e' ? "an" : "a")} {contract.Noun}");
            return null;
        }
    }
}
