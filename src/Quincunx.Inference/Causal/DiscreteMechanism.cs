namespace Quincunx.Inference.Causal;

/// <summary>How one variable with finitely many states comes about: a distribution for every combination of its direct causes' states.</summary>
/// <param name="Name">The variable.</param>
/// <param name="States">Its number of states, 0 to <c>States - 1</c>.</param>
/// <param name="Causes">Its direct causes; their order is that of the table.</param>
/// <param name="Table">
/// Shape <c>[states of the first cause, ..., states of the last cause, States]</c>, row-major: probabilities whose sum over the last axis is 1 within 1e-9.
/// </param>
public sealed record DiscreteMechanism(string Name, int States, IReadOnlyList<string> Causes, IReadOnlyList<double> Table)
{
    /// <summary>Whether the variable cannot be observed: it shapes the others and is in no joint distribution.</summary>
    public bool Hidden { get; init; }
}
