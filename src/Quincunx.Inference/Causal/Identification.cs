using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Causal;

/// <summary>The answer to whether a question about interventions can be answered from the joint distribution of what is observed: a formula, or a proof that there is none.</summary>
/// <remarks>
/// The algorithms ID (Shpitser and Pearl 2006, AAAI, 1219) and IDC (Shpitser and Pearl 2006, UAI, 437) are complete: where they give no formula, two models of the
/// diagram agree in everything observed and differ in the answer.
/// </remarks>
public sealed class Identification
{
    private Identification(CausalQuery query, CausalQuery reduced, Estimand? estimand, Hedge? hedge) =>
        (Query, Reduced, Estimand, Hedge) = (query, reduced, estimand, hedge);

    /// <summary>The question.</summary>
    public CausalQuery Query { get; }

    /// <summary>The question that was decided: IDC counts an observation as an intervention where the do-calculus says that the two are the same.</summary>
    public CausalQuery Reduced { get; }

    /// <summary>The formula. Null if there is none.</summary>
    public Estimand? Estimand { get; }

    /// <summary>
    /// The proof that there is no formula: a hedge for the joint effect on outcome and conditions of <see cref="Reduced"/>, which is identified if and only if the
    /// question is (Shpitser and Pearl 2006, UAI, 437). Null if there is a formula.
    /// </summary>
    public Hedge? Hedge { get; }

    /// <summary>
    /// Variables that occur in the formula and not in the question. The value is the same for each of their states if the diagram holds, which is a test of the
    /// diagram (Verma and Pearl 1990), so any will do.
    /// </summary>
    public VariableSet Arbitrary => Estimand is null ? VariableSet.Empty : Estimand.FreeVariables - Query.Outcome - Query.Treatment - Query.Given;

    /// <summary>Answers a question.</summary>
    /// <exception cref="ArgumentException">A variable is unknown or comes twice, or there is no outcome.</exception>
    public static Identification Of(CausalGraph graph, CausalQuery query)
    {
        graph.CheckDisjoint((nameof(query), query.Outcome), (nameof(query), query.Treatment), (nameof(query), query.Given));
        if (query.Outcome.IsEmpty)
        {
            throw new ArgumentException($"Expected an outcome, got none in {query}.", nameof(query));
        }

        var algorithm = new IdAlgorithm(graph);
        (CausalQuery reduced, Estimand? estimand) = algorithm.Idc(query);
        Hedge? hedge = estimand is null ? Hedge.Of(algorithm.Failure!.Value.Graph, algorithm.Failure.Value.Inner, reduced) : null;
        return new Identification(query, reduced, estimand, hedge);
    }

    /// <summary>The answer on a distribution. <see cref="Arbitrary"/> variables without a given state have their most frequent ones.</summary>
    /// <param name="at">A state for every variable of the question.</param>
    /// <exception cref="PositivityException">A stratum that the formula needs has probability 0.</exception>
    /// <exception cref="InvalidOperationException">There is no formula.</exception>
    public double Evaluate(DiscreteJoint joint, params ReadOnlySpan<(string Name, int State)> at) => Formula().Evaluate(joint, Completed(joint, at));

    /// <summary>The answer from observations, as <see cref="Estimand.Estimate"/> gives it.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public PlugInEstimate Estimate(DiscreteSample sample, Rng rng, int resamples, params ReadOnlySpan<(string Name, int State)> at) =>
        Formula().Estimate(sample, rng, resamples, Completed(sample.Joint, at));

    /// <summary>The formula, or the hedge.</summary>
    public override string ToString() => Estimand is null ? $"{Query} is not identified: {Hedge}" : $"{Query} = {Estimand}";

    private Estimand Formula() => Estimand ?? throw new InvalidOperationException($"Expected a question with a formula: {Query} is not identified.");

    // Adds the most probable states of the arbitrary variables.
    private (string Name, int State)[] Completed(DiscreteJoint joint, ReadOnlySpan<(string Name, int State)> at)
    {
        DiscreteJoint marginal = joint.Marginal(Arbitrary - joint.Checked(at));
        int cell = marginal.Table.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(marginal.Table));
        List<(string, int)> states = [.. at];
        for (int axis = marginal.Axes.Count - 1; axis >= 0; cell /= marginal.Axes[axis].States, axis--)
        {
            states.Add((marginal.Axes[axis].Name, cell % marginal.Axes[axis].States));
        }

        return [.. states];
    }
}
