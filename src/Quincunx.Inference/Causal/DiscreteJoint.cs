namespace Quincunx.Inference.Causal;

/// <summary>The joint distribution of variables with finitely many states, as a table of probabilities.</summary>
public sealed class DiscreteJoint
{
    private const int MostCells = 1 << 28;              // 2 GiB of float64

    private readonly string[] _names;
    private readonly int[] _states;
    private readonly double[] _table;                   // row-major, the last variable fastest
    private readonly Dictionary<string, int> _place;

    /// <param name="variables">Names and numbers of states; a state is a number from 0.</param>
    /// <param name="probabilities">A probability for each cell, row-major (the last variable varies fastest). They sum to 1 within 1e-9.</param>
    /// <exception cref="ArgumentException">A name comes twice, a number of states is not positive, or the table has another length, a value that is no probability, or another sum.</exception>
    public DiscreteJoint(IEnumerable<(string Name, int States)> variables, ReadOnlySpan<double> probabilities)
        : this(variables, probabilities.ToArray())
    {
        double sum = 0;
        foreach (double p in _table)
        {
            sum += p is >= 0 and <= double.MaxValue ? p : throw new ArgumentException($"Expected probabilities, got {p}.", nameof(probabilities));
        }

        if (Math.Abs(sum - 1) > 1e-9)
        {
            throw new ArgumentException($"Expected probabilities with sum 1, got {sum}.", nameof(probabilities));
        }
    }

    // Takes over a table that holds.
    internal DiscreteJoint(IEnumerable<(string Name, int States)> variables, double[] table)
    {
        (string Name, int States)[] all = [.. variables];
        _names = [.. all.Select(variable => variable.Name)];
        _states = [.. all.Select(variable => variable.States)];
        Axes = all.AsReadOnly();
        int cells = Cells(all);
        if (table.Length != cells)
        {
            throw new ArgumentException($"Expected {cells} probabilities, one for each cell, got {table.Length}.", nameof(table));
        }

        _table = table;
        _place = _names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        Variables = VariableSet.From(_names);
    }

    /// <summary>The variables.</summary>
    public VariableSet Variables { get; }

    /// <summary>The variables in the order of the table, with their numbers of states.</summary>
    public IReadOnlyList<(string Name, int States)> Axes { get; }

    /// <summary>The probabilities, row-major in the order of <see cref="Axes"/>.</summary>
    public ReadOnlySpan<double> Table => _table;

    /// <summary>Number of states of a variable.</summary>
    /// <exception cref="ArgumentException">There is no such variable.</exception>
    public int States(string variable) => _states[Place(variable)];

    /// <summary>The probability that some variables have these states, whatever the others do.</summary>
    /// <exception cref="ArgumentException">A variable is unknown or comes twice, or has no such state.</exception>
    public double Probability(params ReadOnlySpan<(string Name, int State)> of)
    {
        VariableSet names = Checked(of);
        DiscreteJoint marginal = names == Variables ? this : Marginal(names);
        int cell = 0;
        for (int axis = 0; axis < marginal._names.Length; axis++)
        {
            cell = (cell * marginal._states[axis]) + StateIn(of, marginal._names[axis]);
        }

        return marginal._table[cell];
    }

    /// <summary>The distribution of some of the variables; they keep their order.</summary>
    /// <exception cref="ArgumentException">A variable is unknown.</exception>
    public DiscreteJoint Marginal(VariableSet of)
    {
        CheckKnown(of);
        return Marginal(_names.Where(of.Contains));
    }

    /// <summary>The distribution of some of the variables, in this order.</summary>
    internal DiscreteJoint Marginal(IEnumerable<string> order)
    {
        (string Name, int States)[] axes = [.. order.Select(name => (name, States(name)))];
        double[] table = new double[Cells(axes)];
        int[] strides = new int[_names.Length];         // of an axis in the new table; 0 where it is summed over
        for (int i = axes.Length - 1, stride = 1; i >= 0; stride *= axes[i].States, i--)
        {
            strides[Place(axes[i].Name)] = stride;
        }

        AddTo(table, strides, fixedAt: new int?[_names.Length]);
        return new DiscreteJoint(axes, table);
    }

    /// <summary>The distribution of the other variables where some have these states.</summary>
    /// <exception cref="ArgumentException">A variable is unknown or comes twice, or has no such state.</exception>
    /// <exception cref="PositivityException">The states have probability 0.</exception>
    public DiscreteJoint Conditional(params ReadOnlySpan<(string Name, int State)> given)
    {
        VariableSet names = Checked(given);
        double probability = Probability(given);
        if (probability == 0)
        {
            throw new PositivityException(Stratum.Text(given));
        }

        var others = Axes.Where(axis => !names.Contains(axis.Name)).ToList();
        double[] table = new double[Cells(others)];
        int[] strides = new int[_names.Length];
        int?[] fixedAt = new int?[_names.Length];
        for (int axis = _names.Length - 1, stride = 1; axis >= 0; axis--)
        {
            if (names.Contains(_names[axis]))
            {
                fixedAt[axis] = StateIn(given, _names[axis]);
            }
            else
            {
                strides[axis] = stride;
                stride *= _states[axis];
            }
        }

        AddTo(table, strides, fixedAt);
        for (int i = 0; i < table.Length; i++)
        {
            table[i] /= probability;
        }

        return new DiscreteJoint(others, table);
    }

    internal static int Cells(IReadOnlyList<(string Name, int States)> variables)
    {
        long cells = 1;
        foreach ((string name, int states) in variables)
        {
            VariableSet.CheckName(name);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(states, nameof(variables));
            cells *= states;
            if (cells > MostCells)
            {
                throw new ArgumentException($"Expected at most {MostCells} cells, got more for {variables.Count} variables.", nameof(variables));
            }
        }

        if (variables.GroupBy(variable => variable.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Expected each variable once, got '{twice.Key}' {twice.Count()} times.", nameof(variables));
        }

        return (int)cells;
    }

    /// <summary>Checks an assignment of states to variables of this distribution.</summary>
    internal VariableSet Checked(ReadOnlySpan<(string Name, int State)> assignment)
    {
        var names = VariableSet.Empty;
        foreach ((string name, int state) in assignment)
        {
            CheckKnown(name);
            if (names.Contains(name))
            {
                throw new ArgumentException($"Expected each variable once, got '{name}' twice.", nameof(assignment));
            }

            if (state < 0 || state >= States(name))
            {
                throw new ArgumentException($"Expected a state of '{name}' from 0 to {States(name) - 1}, got {state}.", nameof(assignment));
            }

            names |= name;
        }

        return names;
    }

    private static int StateIn(ReadOnlySpan<(string Name, int State)> assignment, string variable)
    {
        foreach ((string name, int state) in assignment)
        {
            if (name == variable)
            {
                return state;
            }
        }

        throw new ArgumentException($"Expected a state of '{variable}', got none.", nameof(assignment));
    }

    // Adds every cell with the fixed states to the cell of the target that has its states.
    private void AddTo(double[] target, int[] strides, int?[] fixedAt)
    {
        int[] state = new int[_names.Length];
        for (int cell = 0, to = 0; cell < _table.Length; cell++)
        {
            bool counts = true;
            for (int axis = 0; counts && axis < state.Length; axis++)
            {
                counts = fixedAt[axis] is not int at || at == state[axis];
            }

            target[to] += counts ? _table[cell] : 0;
            for (int axis = state.Length - 1; axis >= 0; axis--)
            {
                to += strides[axis];
                if (++state[axis] < _states[axis])
                {
                    break;
                }

                to -= strides[axis] * _states[axis];
                state[axis] = 0;
            }
        }
    }

    private int Place(string variable)
    {
        CheckKnown(variable);
        return _place[variable];
    }

    private void CheckKnown(VariableSet set)
    {
        if (!set.IsSubsetOf(Variables))
        {
            throw new ArgumentException($"Expected variables among {Variables}, got '{set - Variables}'.", nameof(set));
        }
    }
}
