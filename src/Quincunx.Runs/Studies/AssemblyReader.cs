using System.Reflection;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the form of the key <c>simulator</c> that names a type in a .NET assembly.</summary>
internal sealed class AssemblyReader(string studyFile, ProblemList problems)
{
    /// <summary>The assembly and those it uses.</summary>
    public IReadOnlyList<StudyInput> Inputs { get; private set; } = [];

    public (string Name, SimulatorOptions Options, ISimulator? Simulator) Read(StudyMap map)
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
        try
        {
            var assembly = new SimulatorAssembly(path);
            Inputs = [.. assembly.Files.Select(f => new StudyInput(Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'), FileFingerprint.Of(f)))];
            at = type;
            ConstructorInfo constructor = assembly.Constructor(typeName);
            return Options(constructor, map.Find("options")) is { } options ? (typeName, options, Create(constructor, options, type)) : (typeName, SimulatorOptions.None, null);
        }
        catch (FormatException e)
        {
            string[] parts = e.Message.Split(", expected ", 2);
            problems.Add(at, parts[0], parts[^1]);
        }
        catch (Exception e) when (e is IOException or ReflectionTypeLoadException or TypeLoadException)
        {
            problems.Add(at, $"an assembly that cannot be loaded ({e.Message.TrimEnd('.')})", "one with all that it uses beside it");
        }

        return (typeName, SimulatorOptions.None, null);
    }

    private SimulatorOptions? Options(ConstructorInfo constructor, StudyValue? given)
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

        return new OptionsReader(problems).Read($"simulator {constructor.DeclaringType!.Name}", rules, given) is { } values ? new SimulatorOptions(values) : null;
    }

    private ISimulator? Create(ConstructorInfo constructor, SimulatorOptions options, StudyValue type)
    {
        object?[] arguments = [.. constructor.GetParameters().Select(p => options.All.FirstOrDefault(o => o.Name == p.Name).Value is { } value
            ? Convert.ChangeType(value, p.ParameterType, System.Globalization.CultureInfo.InvariantCulture)
            : p.DefaultValue)];
        try
        {
            return (ISimulator)constructor.Invoke(arguments);
        }
        catch (TargetInvocationException e)
        {
            Exception inner = e.InnerException ?? e;
            problems.Add(type, $"a constructor that throws {inner.GetType().Name} ({inner.Message.TrimEnd('.')})", "a simulator");
            return null;
        }
    }
}
