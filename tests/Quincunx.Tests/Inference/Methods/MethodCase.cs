using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>A method that learns from pairs of parameters and outputs and ends in a posterior.</summary>
internal abstract record MethodCase(string Name)
{
    /// <summary>Few: the chains of learned likelihoods and ratios.</summary>
    protected static SampledPosteriorOptions Chains { get; } = new() { Chains = 128, PriorDraws = 20 };

    /// <summary>What suits the method.</summary>
    public abstract TrainingOptions Training { get; }

    /// <summary>That it learns from in moments.</summary>
    public virtual int MostSimulations => int.MaxValue;

    public abstract TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel);

    /// <summary>The same, with the likelihood that joint ratios and scores are taken from where it learns from those.</summary>
    /// <param name="logLikelihood">log p(x | theta) but for a function of x.</param>
    public virtual MethodCase On(Func<double[], double[], double> logLikelihood) => this;

    /// <summary>The same shape with other weights, and the posterior that uses them.</summary>
    /// <param name="trained">What the shape may depend on.</param>
    public abstract (IPosteriorEstimator Posterior, IModule Network) Untrained(IDistribution prior, int features, TrainedMethod trained);
}
