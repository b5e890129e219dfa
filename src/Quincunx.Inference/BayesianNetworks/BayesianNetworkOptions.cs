using Quincunx.Inference.Samplers;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>The network of <see cref="BayesianNetworkEstimation"/>, and how its weights are sampled.</summary>
public sealed record BayesianNetworkOptions
{
    /// <summary>Hidden units; 0 for a linear network with normal noise of one width.</summary>
    public int Hidden { get; init; } = 16;

    /// <summary>Chains of weights, at least 2: R-hat compares them.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>Iterations of each chain in which step size and metric are learned; their weights do not count.</summary>
    public int Warmup { get; init; } = 400;

    /// <summary>Networks kept of each chain.</summary>
    public int Draws { get; init; } = 100;

    /// <summary>Iterations from one kept network to the next.</summary>
    public int Thinning { get; init; } = 3;

    /// <summary>Mean acceptance probability that the step size is tuned to, in (0, 1). High: where the noise may be small, weights have to stay in narrow places.</summary>
    public double TargetAcceptance { get; init; } = 0.95;

    /// <summary>Gradients of the log-density of one chain's weights, over all chains, after which sampling ends with <see cref="SamplerStop.BudgetExhausted"/> and the networks kept by then.</summary>
    public long MaxGradients { get; init; } = long.MaxValue;

    internal BayesianNetworkOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Hidden);
        ArgumentOutOfRangeException.ThrowIfLessThan(Chains, 2);
        _ = Sampler.Checked();
        return this;
    }

    // Weights are curved and of many scales, which no metric makes round: a draw has to come far, and few are made.
    internal NutsOptions Sampler => new()
    {
        Warmup = Warmup,
        Draws = Draws,
        Thinning = Thinning,
        TargetAcceptance = TargetAcceptance,
        MaxGradients = MaxGradients,
        TurnThreshold = 0,
        Metric = MetricKind.Diagonal,
    };
}
