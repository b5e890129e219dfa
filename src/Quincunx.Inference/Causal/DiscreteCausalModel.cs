namespace Quincunx.Inference.Causal;

/// <summary>A causal model of variables with finitely many states, hidden ones included, in which every question has an exact answer by enumeration.</summary>
/// <remarks>
/// A causal Bayesian network (Pearl 2009, Causality, definition 1.3.1). The cost is the product of all numbers of states. It is the truth that formulas for
/// effects are tested against, and a calculator for small models.
/// </remarks>
public sealed class DiscreteCausalModel
{
    private readonly Dictionary<string, DiscreteMechanism> _mechanisms;
    private readonly string[] _observed;
    private readonly CausalGraph _full;

    /// <param name="mechanisms">One for each variable, in any order.</param>
    /// <exception cref="ArgumentException">A variable comes twice, a cause is none of the variables, causes go round in a cycle, or a table has another length or rows that are no distribution.</exception>
    public DiscreteCausalModel(params IEnumerable<DiscreteMechanism> mechanisms)
    {
        DiscreteMechanism[] all = [.. mechanisms];
        _full = new CausalGraph(all.Select(m => m.Name), all.SelectMany(m => m.Causes.Select(cause => (cause, m.Name))));
        _mechanisms = all.ToDictionary(m => m.Name, StringComparer.Ordinal);
        Array.ForEach(all, CheckTable);
        _observed = [.. all.Where(m => !m.Hidden).Select(m => m.Name)];
        Graph = _full.Project(VariableSet.From(all.Where(m => m.Hidden).Select(m => m.Name)));
    }

    /// <summary>The diagram over the variables that can be observed: the latent projection of the model's own.</summary>
    public CausalGraph Graph { get; }

    /// <summary>The joint distribution of the variables that can be observed, with some set by intervention: P(v | do(...)), or P(v) without. They are in the order of their mechanisms.</summary>
    /// <param name="doing">Variables and the states they are set to. They are part of the result, with that state alone. Hidden ones may be set, too.</param>
    /// <exception cref="ArgumentException">A variable is unknown or comes twice, or has no such state.</exception>
    public DiscreteJoint Joint(params ReadOnlySpan<(string Name, int State)> doing)
    {
        var set = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string name, int state) in doing)
        {
            if (!_mechanisms.TryGetValue(name, out DiscreteMechanism? mechanism) || state < 0 || state >= mechanism.States || !set.TryAdd(name, state))
            {
                throw new ArgumentException($"Expected variables of the model once each, with a state they have, got {Stratum.Text(doing)}.", nameof(doing));
            }
        }

        (string Name, int States)[] axes = [.. _full.TopologicalOrder.Select(name => (name, _mechanisms[name].States))];
        _ = DiscreteJoint.Cells(axes);
        double[] table = [1];
        for (int i = 0; i < axes.Length; i++)
        {
            table = set.TryGetValue(axes[i].Name, out int state) ? Set(table, axes[i].States, state) : Extended(table, axes.AsSpan(0, i), _mechanisms[axes[i].Name]);
        }

        return new DiscreteJoint(axes, table).Marginal(_observed);
    }

    private static double[] Set(double[] before, int states, int state)
    {
        double[] table = new double[before.Length * states];
        for (int cell = 0; cell < before.Length; cell++)
        {
            table[(cell * states) + state] = before[cell];
        }

        return table;
    }

    // The joint of the variables so far, times the mechanism's probabilities.
    private static double[] Extended(double[] before, ReadOnlySpan<(string Name, int States)> axes, DiscreteMechanism mechanism)
    {
        // A cell's row in the mechanism's table is the sum of its causes' states times these.
        int[] weights = new int[axes.Length];
        for (int i = mechanism.Causes.Count - 1, weight = 1; i >= 0; i--)
        {
            int axis = 0;
            while (axes[axis].Name != mechanism.Causes[i])
            {
                axis++;
            }

            weights[axis] = weight;
            weight *= axes[axis].States;
        }

        double[] table = new double[before.Length * mechanism.States];
        for (int cell = 0; cell < before.Length; cell++)
        {
            int row = 0;
            for (int axis = axes.Length - 1, rest = cell; axis >= 0; rest /= axes[axis].States, axis--)
            {
                row += rest % axes[axis].States * weights[axis];
            }

            for (int state = 0; state < mechanism.States; state++)
            {
                table[(cell * mechanism.States) + state] = before[cell] * mechanism.Table[(row * mechanism.States) + state];
            }
        }

        return table;
    }

    private void CheckTable(DiscreteMechanism mechanism)
    {
        int rows = DiscreteJoint.Cells([.. mechanism.Causes.Select(cause => (cause, _mechanisms[cause].States))]);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mechanism.States, nameof(mechanism));
        if (mechanism.Table.Count != rows * mechanism.States)
        {
            throw new ArgumentException($"Expected a table of {rows} rows of {mechanism.States} for '{mechanism.Name}', got {mechanism.Table.Count} numbers.", nameof(mechanism));
        }

        for (int row = 0; row < rows; row++)
        {
            double[] probabilities = [.. mechanism.Table.Skip(row * mechanism.States).Take(mechanism.States)];
            if (!Array.TrueForAll(probabilities, p => p is >= 0 and <= 1) || Math.Abs(probabilities.Sum() - 1) > 1e-9)
            {
                throw new ArgumentException($"Expected rows that are distributions for '{mechanism.Name}', got ({string.Join(", ", probabilities)}) in row {row}.", nameof(mechanism));
            }
        }
    }
}
