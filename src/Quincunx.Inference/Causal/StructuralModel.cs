using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Inference.Causal;

/// <summary>A structural causal model: variables, each a mechanism of its causes and its own noise.</summary>
/// <remarks>
/// <para>
/// It is a mechanism without parameters, whose outputs are the observed variables, and so is sampled, intervened upon by a variable's name, imagined and explained as any other;
/// <see cref="Graph"/> is what its structure alone says, for questions of identification.
/// </para>
/// <para>J. Pearl, "Causality", 2nd edition 2009, section 7.1; J. Peters, D. Janzing and B. Schölkopf, "Elements of Causal Inference", 2017.</para>
/// </remarks>
public sealed class StructuralModel : IMechanism
{
    private readonly StructuralVariable[] _variables;
    private readonly int[][] _parents;
    private readonly Site[] _sites;
    private readonly int[] _outputs;

    /// <param name="variables">Causes before effects.</param>
    /// <exception cref="ArgumentException">A name comes twice, a cause is not among the variables before, or all variables are hidden.</exception>
    public StructuralModel(params IReadOnlyList<StructuralVariable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        _variables = [.. variables];
        string[] names = [.. variables.Select(v => v.Name)];
        _parents = [.. variables.Select((v, i) => v.Parents.Select(p => PlaceOf(p, i)).ToArray())];
        OutputNames = [.. variables.Where(v => !v.IsHidden).Select(v => v.Name)];
        if (OutputNames.Count == 0)
        {
            throw new ArgumentException("Expected at least one observed variable, got none.", nameof(variables));
        }

        _outputs = [.. variables.Select(v => v.IsHidden ? -1 : OutputNames.TakeWhile(n => n != v.Name).Count())];
        _sites = [.. variables.Select((v, i) => v.IsHidden ? new Site(v.Name) : Site.Output(_outputs[i]))];
        CausalGraph whole = new(names, variables.SelectMany(v => v.Parents.Select(p => (p, v.Name))));
        VariableSet hidden = VariableSet.From(variables.Where(v => v.IsHidden).Select(v => v.Name));
        Graph = hidden.Count == 0 ? whole : whole.Project(hidden);

        int PlaceOf(string parent, int child)
        {
            int place = Array.IndexOf(names, parent, 0, child);
            return place >= 0 ? place : throw new ArgumentException(
                $"Expected the causes of {names[child]} among {(child == 0 ? "none" : string.Join(", ", names.Take(child)))}, which come before it; got {parent}.", nameof(variables));
        }
    }

    /// <summary>None.</summary>
    public IReadOnlyList<string> ParameterNames => [];

    /// <summary>The observed variables.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>The causal diagram of the observed variables; hidden ones have become bidirected edges.</summary>
    public CausalGraph Graph { get; }

    /// <inheritdoc/>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        double[] values = new double[_variables.Length], parents = new double[_variables.Length];
        for (int i = 0; i < values.Length; i++)
        {
            StructuralVariable variable = _variables[i];
            int[] places = _parents[i];
            for (int p = 0; p < places.Length; p++)
            {
                parents[p] = values[places[p]];
            }

            // There is no theta, so nothing moves and plain numbers are all there is to know.
            TReal value = variable.HasNoise
                ? trace.Draw(_sites[i], new EquationLaw<TReal>(variable.Equation, parents.AsSpan(0, places.Length)))
                : trace.Let(_sites[i], TReal.CreateTruncating(variable.Equation(parents.AsSpan(0, places.Length), 0)));
            values[i] = Law.Value(value);
            if (_outputs[i] >= 0)
            {
                x[_outputs[i]] = value;
            }
        }
    }
}
