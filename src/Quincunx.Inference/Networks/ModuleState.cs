using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Weights and constants of a module as named arrays, and back.</summary>
public static class ModuleState
{
    /// <summary>A copy of everything the module holds, trained or not, by path.</summary>
    public static NamedTensors Export(IModule module)
    {
        var state = new NamedTensors();
        foreach ((string name, Parameter parameter) in ParameterTree.Of(module).Entries)
        {
            state.Add(name, parameter.Value);
        }

        return state;
    }

    /// <summary>Overwrites everything the module holds.</summary>
    /// <exception cref="StateException">
    /// Arrays are missing, left over, or of another shape or type; all of them are named, and the module is unchanged.
    /// </exception>
    public static void Import(IModule module, NamedTensors state)
    {
        ArgumentNullException.ThrowIfNull(state);
        IReadOnlyList<KeyValuePair<string, Parameter>> entries = ParameterTree.Of(module).Entries;
        List<string> faults = [];
        foreach ((string name, Parameter parameter) in entries)
        {
            if (!state.TryGet(name, out Tensor? stored))
            {
                faults.Add($"'{name}' is missing");
            }
            else if (stored.Shape != parameter.Shape || stored.DType != parameter.DType)
            {
                faults.Add($"'{name}' should be {parameter.DType}{parameter.Shape} and is {stored.DType}{stored.Shape}");
            }
        }

        var known = entries.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(state.Where(s => !known.Contains(s.Key)).Select(s => $"'{s.Key}' is not part of the module"));
        if (faults.Count > 0)
        {
            throw new StateException($"The stored weights do not fit the module: {string.Join("; ", faults)}.");
        }

        foreach ((string name, Parameter parameter) in entries)
        {
            parameter.Assign(state.Get(name));
        }
    }
}
