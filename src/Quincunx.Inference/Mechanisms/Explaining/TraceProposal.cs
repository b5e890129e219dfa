using Quincunx.Inference.Networks;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>A network that proposes the latent choices of an event one by one, given the outputs and the choices before: learned once for a mechanism, used for any
/// observation.</summary>
/// <remarks>
/// <para>
/// Inference compilation (Le, Baydin and Wood 2017, arXiv:1610.09900): trained on simulated events alone. A discrete choice with few values is proposed with its law
/// tilted, r(v) ∝ p(v) exp(t_v); any other choice in its noise, by a mixture of normals where its law is the standard normal. So the law's own parameters need not
/// be learned, and a network that has learned nothing proposes about the laws. Choices at sites that it does not know are drawn from their laws.
/// </para>
/// <para>Read by <see cref="Explainer"/>, whose weights are exact whatever the network has learned.</para>
/// </remarks>
public sealed partial class TraceProposal
{
    private readonly TraceProposalOptions _options;
    private readonly LearnedSites _sites;
    private readonly Standardise _scale;
    private readonly ProposalNetwork _network;
    private ProposalWeights? _weights;

    private TraceProposal(TraceProposalOptions options, LearnedSites sites, Standardise scale, Rng rng)
    {
        (_options, _sites, _scale) = (options, sites, scale);
        Components = sites.HasNoise ? options.Components : 0;
        _network = new ProposalNetwork(sites.Features, sites.Count, sites.MostValues, Components, options.Width, options.Depth, rng);
    }

    /// <summary>The sites whose choices it proposes.</summary>
    public IReadOnlyList<Site> Sites => [.. Enumerable.Range(0, _sites.Count).Select(i => _sites[i].Site)];

    internal int Outputs => _scale.Features;

    internal ProposalNetwork Network => _network;

    internal LearnedSites Known => _sites;

    private int Components { get; }

    /// <summary>Simulates events and trains a new network on their choices.</summary>
    /// <param name="theta">Shape <c>[parameters]</c>. To learn for many, let the mechanism draw its parameters as its first choices.</param>
    /// <param name="training">A row is a choice.</param>
    /// <param name="rng">Decides the events, the initial weights and the order of batches; not advanced.</param>
    /// <exception cref="ArgumentException">Theta has another length, an option is out of its range, an output is not finite, or the mechanism has no choices to
    /// learn.</exception>
    public static TraceProposalResult Train(
        IMechanism mechanism,
        ReadOnlySpan<double> theta,
        TraceProposalOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(mechanism);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        int outputs = mechanism.OutputNames.Count;
        SimulatorShape.Check(mechanism, theta.Length, outputs);
        double[] fixedTheta = theta.ToArray();

        // Twice the same simulations: which sites and values there are must be known before what is learned of them can be written down.
        var found = new List<(Site, TraceEntryKind, double)[]>(options.Traces);
        double[] xs = new double[options.Traces * outputs];
        Simulate(options.Traces, rng, cancel, (i, stream, noises) =>
        {
            List<(Site, TraceEntryKind, double)> choices = [];
            var trace = new LearningTrace(stream, noises, null, choices, null);
            mechanism.Run(fixedTheta, xs.AsSpan(i * outputs, outputs), ref trace);
            found.Add([.. choices]);
        });
        var sites = LearnedSites.Of(found, outputs, options);
        var events = new RecordedChoice[options.Traces][];
        Simulate(options.Traces, rng, cancel, (i, stream, noises) =>
        {
            List<RecordedChoice> choices = [];
            var trace = new LearningTrace(stream, noises, sites, null, choices);
            mechanism.Run(fixedTheta, xs.AsSpan(i * outputs, outputs), ref trace);
            events[i] = [.. choices];
        });
        if (xs.Any(x => !double.IsFinite(x)))
        {
            throw new ArgumentException($"Expected finite outputs to learn from, got {xs.First(x => !double.IsFinite(x))}.", nameof(mechanism));
        }

        var proposal = new TraceProposal(options, sites, Standardise.Fit(xs, outputs), rng.Split("weights"));
        float[][] rows = [.. Enumerable.Range(0, options.Traces).Select(i => proposal.Scaled(xs.AsSpan(i * outputs, outputs)))];
        TrainingResult result = Trainer.Run(new TraceProposalTask(proposal._network, sites, rows, events), training, rng.Split("training"), progress, null, cancel);
        return new TraceProposalResult(proposal, result, found.Sum(f => (long)f.Length) - events.Sum(e => (long)e.Length));
    }

    /// <summary>What one thread reads the proposal with.</summary>
    /// <param name="x">The outputs; NaN for one that was not seen, which is then taken at its mean.</param>
    internal ProposalReader Reader(ReadOnlySpan<double> x) => new(_weights ??= new ProposalWeights(_network), _sites, Components, Scaled(x));

    /// <summary>The outputs as features.</summary>
    internal float[] Scaled(ReadOnlySpan<double> x)
    {
        // As for choices, no output may swamp the others; a proposal may see it as it likes.
        const double Farthest = 10;
        double[] scaled = new double[x.Length];
        _scale.Apply(x, scaled);
        return [.. scaled.Select(v => double.IsNaN(v) ? 0 : (float)Math.Clamp(v, -Farthest, Farthest))];
    }

    private static void Simulate(int count, Rng rng, CancellationToken cancel, Action<int, Rng, Rng> run)
    {
        Rng stream = new(0), noises = new(0), streams = rng.Split("events"), noiseStreams = rng.Split("noises");
        for (int i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            stream.Become(streams, i);
            noises.Become(noiseStreams, i);
            run(i, stream, noises);
        }
    }
}
