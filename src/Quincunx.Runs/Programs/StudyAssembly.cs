using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Programs;

/// <summary>A .NET assembly with types that a study names, in a context of its own: its dependencies are those beside it, but for Quincunx.Inference and what that uses, which are ours, so that its simulators are simulators here.</summary>
internal sealed class StudyAssembly : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _path;

    /// <param name="path">The assembly's file.</param>
    /// <exception cref="FormatException">It is no assembly, or is made for a newer version: the message reads "what was found, expected …".</exception>
    public StudyAssembly(string path)
        : base(Path.GetFileName(path))
    {
        _path = Path.GetFullPath(path);
        _resolver = new AssemblyDependencyResolver(_path);
        try
        {
            Files = FindFiles();
            Assembly = LoadFromAssemblyPath(_path);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
        {
            throw new FormatException($"a file that is no .NET assembly ({e.Message.TrimEnd('.')}), expected one", e);
        }
    }

    public Assembly Assembly { get; }

    /// <summary>Full paths of the assembly and of those beside it that it uses, sorted.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Its type of a name, with its one public constructor.</summary>
    /// <exception cref="FormatException">There is none that can be used: the message reads "what was found, expected …".</exception>
    public ConstructorInfo Constructor(string name, TypeContract contract)
    {
        if (Assembly.GetType(name) is not { } type)
        {
            IReadOnlyList<string> known = NamesOf(contract);
            throw new FormatException($"no type '{name}' in {Path.GetFileName(_path)}, expected {(known.Count == 0 ? $"one that {contract.Required}, of which it has none" : "one of " + string.Join(", ", known))}");
        }

        if (!contract.IsMetBy(type))
        {
            string why = type.IsAbstract ? "is abstract" : type.ContainsGenericParameters ? "is generic" : !type.IsVisible ? "is not public" : contract.Missing;
            throw new FormatException($"type '{name}', which {why}, expected a public {contract.Noun}");
        }

        ConstructorInfo[] constructors = type.GetConstructors();
        return constructors.Length == 1
            ? constructors[0]
            : throw new FormatException($"{constructors.Length} public constructors of '{name}', expected one, whose parameters are the keys of options");
    }

    /// <summary>A hint at the type that a name was meant to be; null where there is such a type, or none that is near.</summary>
    public string? Hint(string name, TypeContract contract)
    {
        IReadOnlyList<string> known = Assembly.GetType(name) is null ? NamesOf(contract) : [];
        return Nearest.Hint(name, known) ?? (known.FirstOrDefault(k => Nearest.Hint(Last(name), [Last(k)]) is not null) is { } near ? $"Did you mean '{near}'?" : null);

        static string Last(string full) => full[(full.LastIndexOfAny(['.', '+']) + 1)..];
    }

    /// <summary>Whether an assembly is one that both sides must have in common; then it must not be newer than ours.</summary>
    /// <exception cref="FormatException">It is newer.</exception>
    internal static Assembly? Shared(AssemblyName name)
    {
        Assembly? ours = AssemblyLoadContext.GetLoadContext(typeof(ISimulator).Assembly)!.Assemblies.FirstOrDefault(a => a.GetName().Name == name.Name);
        return ours is null || name.Name is not ("Quincunx.Inference" or "Quincunx.Numerics") ? null
            : name.Version > ours.GetName().Version ? throw new FormatException($"an assembly made for {name.Name} {name.Version}, expected one for {ours.GetName().Version} or older")
            : ours;
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        Shared(assemblyName) is { } shared ? shared
        : Find(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : null;                                     // the runtime's own

    private IReadOnlyList<string> NamesOf(TypeContract contract) => [.. Assembly.GetExportedTypes().Where(contract.IsMetBy).Select(t => t.FullName!).Order(StringComparer.Ordinal)];

    private string? Find(AssemblyName name)
    {
        string beside = Path.Combine(Path.GetDirectoryName(_path)!, name.Name + ".dll");
        return _resolver.ResolveAssemblyToPath(name) is { } path ? path : File.Exists(beside) ? beside : null;
    }

    private List<string> FindFiles()
    {
        List<string> files = [_path];
        for (int i = 0; i < files.Count; i++)
        {
            using var reader = new PEReader(File.OpenRead(files[i]));
            MetadataReader metadata = reader.GetMetadataReader();
            foreach (AssemblyReferenceHandle handle in metadata.AssemblyReferences)
            {
                AssemblyName name = metadata.GetAssemblyReference(handle).GetAssemblyName();
                if (Shared(name) is null && Find(name) is { } path && !files.Contains(path, StringComparer.Ordinal))
                {
                    files.Add(path);
                }
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
