using Quincunx.Numerics.Optimisation;

namespace Quincunx.Inference.Networks;

/// <summary>The parameters of a module and of the modules inside it, by path: <c>blocks.0.first.weight</c>.</summary>
public sealed class ParameterTree
{
    private readonly List<KeyValuePair<string, Parameter>> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<Parameter> _seen = new(ReferenceEqualityComparer.Instance);
    private string _prefix = "";

    private ParameterTree()
    {
    }

    /// <summary>All of them, trained or not, in the order the modules name them.</summary>
    public IReadOnlyList<KeyValuePair<string, Parameter>> Entries => _entries;

    /// <summary>Those an optimiser changes, in the same order.</summary>
    public IReadOnlyList<Parameter> Trained => [.. _entries.Where(e => e.Value.IsTrained).Select(e => e.Value)];

    /// <summary>Number of trained weights.</summary>
    public int TrainedCount => Trained.Sum(p => p.Count);

    /// <summary>Everything a module holds.</summary>
    public static ParameterTree Of(IModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var tree = new ParameterTree();
        module.Describe(tree);
        return tree;
    }

    /// <summary>Adds a parameter of the module that is being described.</summary>
    /// <exception cref="ArgumentException">The name is taken or not a path part, or the parameter is already in the tree.</exception>
    public void Add(string name, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        string path = Path(name);
        if (!_names.Add(path))
        {
            throw new ArgumentException($"There are two parameters named '{path}'.", nameof(name));
        }

        // A weight that is optimised twice moves twice as far as its gradient says.
        if (!_seen.Add(parameter))
        {
            throw new ArgumentException($"Parameter '{path}' is already in the tree under another name.", nameof(parameter));
        }

        _entries.Add(KeyValuePair.Create(path, parameter));
    }

    /// <summary>Adds all that an inner module holds, under <c>name.</c></summary>
    public void Add(string name, IModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        string outer = _prefix;
        _prefix = Path(name) + ".";
        module.Describe(this);
        _prefix = outer;
    }

    /// <summary>Adds inner modules under <c>name.0.</c>, <c>name.1.</c> and so on.</summary>
    public void Add(string name, IEnumerable<IModule> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        int index = 0;
        string outer = _prefix;
        _prefix = Path(name) + ".";
        foreach (IModule module in modules)
        {
            Add($"{index++}", module);
        }

        _prefix = outer;
    }

    private string Path(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Contains('.', StringComparison.Ordinal)
            ? throw new ArgumentException($"Name '{name}' contains the separator of paths.", nameof(name))
            : _prefix + name;
    }
}
