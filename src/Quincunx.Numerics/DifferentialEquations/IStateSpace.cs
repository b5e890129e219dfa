namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>What a solver does with states, whatever they are made of.</summary>
/// <remarks>A state is passed by reference where it is written: the memory there may be used again, or another state may take its place.</remarks>
internal interface IStateSpace<TState>
    where TState : class
{
    /// <summary>The weighted sum of states.</summary>
    void Combine(ref TState? into, ReadOnlySpan<double> weights, ReadOnlySpan<TState?> terms);

    /// <summary>√(mean of squares) of the weighted sum of <paramref name="terms"/> over tolerance, atol + rtol max(|a|, |b|).</summary>
    double Norm(ReadOnlySpan<double> weights, ReadOnlySpan<TState?> terms, TState a, TState b);

    bool IsFinite(TState state);

    /// <summary>From here on, memory is given back when the step closes, unless kept.</summary>
    void OpenStep();

    /// <summary>Lets a state live until it is dropped.</summary>
    void Keep(TState state);

    void CloseStep();

    /// <summary>A state that was kept is needed no more.</summary>
    void Drop(TState state);
}
