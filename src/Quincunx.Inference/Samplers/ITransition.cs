namespace Quincunx.Inference.Samplers;

/// <summary>A Markov step of all chains at once, which leaves the target unchanged once its warm-up has ended.</summary>
internal interface ITransition
{
    /// <summary>Moves the points and log-densities of the state.</summary>
    /// <returns>Null, or why there is no use in going on.</returns>
    SamplerStop? Step(bool isWarmup);

    /// <summary>Called once, before the first step that counts.</summary>
    void EndWarmup();

    /// <summary>What is to be told about the steps since the warm-up ended.</summary>
    TransitionReport Report();
}
