using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>The neuron of <see cref="BernoulliGlm"/> with its spike train as output.</summary>
/// <remarks>
/// The task "Bernoulli GLM raw" of Lueckmann et al. 2021 (arXiv:2101.04653). The posterior is that of the sufficient statistics, which a method here has to find by itself.
/// </remarks>
public sealed class BernoulliGlmRaw : IMechanism, ILikelihood
{
    private readonly SpikingNeuron _neuron;

    /// <summary>The neuron under the stimulus of the published task.</summary>
    public BernoulliGlmRaw()
        : this(SpikingNeuron.PublishedStimulus())
    {
    }

    /// <param name="stimulus">I, one finite value for each bin; 0 before the first.</param>
    /// <exception cref="ArgumentException">It is empty, or a value is not finite.</exception>
    public BernoulliGlmRaw(ReadOnlySpan<double> stimulus)
    {
        _neuron = new(stimulus);
        OutputNames = [.. Enumerable.Range(1, _neuron.Bins).Select(bin => $"spike_{bin}")];
    }

    /// <summary>I, shape <c>[bins]</c>.</summary>
    public ReadOnlySpan<double> Stimulus => _neuron.Stimulus;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => SpikingNeuron.ParameterNames;

    /// <summary>0 or 1 for each bin.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs. Computed: <c>drive[bin]</c>, their log-odds.</remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Parameters.CheckFinite(theta);
        for (int bin = 0; bin < x.Length; bin++)
        {
            TReal drive = trace.Let(new Site("drive", bin), _neuron.Drive(theta, bin));
            x[bin] = trace.Draw(Site.Output(bin), Law.BernoulliLogit(drive));
        }
    }

    /// <inheritdoc/>
    /// <remarks>A log-probability.</remarks>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Parameters.CheckFinite(theta);
        double sum = 0;
        for (int bin = 0; bin < x.Length; bin++)
        {
            sum += Law.BernoulliLogit(_neuron.Drive(theta, bin)).LogProb(x[bin]);
        }

        return sum;
    }
}
