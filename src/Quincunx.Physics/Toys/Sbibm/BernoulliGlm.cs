using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>A generalized linear model of a neuron under white noise: the number of its spikes and what the stimulus was like before them.</summary>
/// <remarks>
/// <para>
/// In bin i of 100 the neuron spikes with log-odds ψᵢ = θ₀ + Σₖ θ₁₊ₖ Iᵢ₋ₖ, k = 0 ... 8, and the outputs are Σ yᵢ and Σ yᵢ Iᵢ₋ₖ: sufficient statistics, since
/// log p(y | θ) = θ · x − Σ log(1 + exp ψᵢ). The task "Bernoulli GLM" of Lueckmann et al. 2021 (arXiv:2101.04653), whose prior is normal with correlated weights.
/// </para>
/// <para>All numbers are without unit; a bin is the unit of time.</para>
/// </remarks>
public sealed class BernoulliGlm : IMechanism, ILikelihood
{
    private readonly SpikingNeuron _neuron;

    /// <summary>The neuron under the stimulus of the published task.</summary>
    public BernoulliGlm()
        : this(SpikingNeuron.PublishedStimulus())
    {
    }

    /// <param name="stimulus">I, one finite value for each bin; 0 before the first.</param>
    /// <exception cref="ArgumentException">It is empty, or a value is not finite.</exception>
    public BernoulliGlm(ReadOnlySpan<double> stimulus) => _neuron = new(stimulus);

    /// <summary>I, shape <c>[bins]</c>.</summary>
    public ReadOnlySpan<double> Stimulus => _neuron.Stimulus;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => SpikingNeuron.ParameterNames;

    /// <summary>Number of spikes, then sums of the stimulus so many bins before a spike.</summary>
    public IReadOnlyList<string> OutputNames { get; } = ["spikes", .. Enumerable.Range(0, SpikingNeuron.Lags).Select(lag => $"stimulus_{lag}")];

    /// <inheritdoc/>
    /// <remarks>Choices: <c>spike[bin]</c>, 0 or 1. Computed: <c>drive[bin]</c>, its log-odds.</remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Parameters.CheckFinite(theta);
        x.Clear();
        for (int bin = 0; bin < _neuron.Bins; bin++)
        {
            TReal drive = trace.Let(new Site("drive", bin), _neuron.Drive(theta, bin));
            if (TReal.IsZero(trace.Draw(new Site("spike", bin), Law.BernoulliLogit(drive))))
            {
                continue;
            }

            x[0] += TReal.One;
            for (int lag = 0; lag < SpikingNeuron.Lags; lag++)
            {
                x[1 + lag] += TReal.CreateTruncating(_neuron.Before(bin, lag));
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The log-probability of the spikes behind the outputs. Almost every stimulus has another output for each of the spike trains; which outputs are one is not checked, and
    /// those rounded to float32 will do.
    /// </remarks>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Parameters.CheckFinite(theta);
        double sum = 0;
        for (int i = 0; i < theta.Length; i++)
        {
            sum += theta[i] * x[i];
        }

        for (int bin = 0; bin < _neuron.Bins; bin++)
        {
            sum -= SpecialFunctions.Softplus(_neuron.Drive(theta, bin));
        }

        return sum;
    }
}
