using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>Reads joint likelihood ratios and joint scores off a mechanism.</summary>
/// <remarks>
/// <para>
/// The event is drawn once. Its choices are constants; their laws move with theta, as dual numbers for the score, or stand side by side for up to 16 hypotheses in a pass
/// for the ratios, and the sum of their log-densities is the joint one. So branches, loops and recursion need no care, as long as they turn on choices.
/// </para>
/// <para>
/// Where control flow turns on theta itself and hypotheses take different branches, each is run by itself on the choices that were made. One that
/// does not come by the same choices gives the event no probability.
/// </para>
/// <para>Safe for many threads at once.</para>
/// </remarks>
/// <param name="mechanism">The simulator.</param>
public sealed class Miner(IMechanism mechanism) : IMinedSimulator
{
    private readonly IMechanism _mechanism = mechanism ?? throw new ArgumentNullException(nameof(mechanism));
    private readonly int _parameters = mechanism.ParameterNames.Count;
    private volatile bool _hypothesesPart;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames => _mechanism.ParameterNames;

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames => _mechanism.OutputNames;

    /// <inheritdoc/>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng) => _mechanism.Simulate(theta, x, rng);

    /// <inheritdoc/>
    public void Mine(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, Span<double> x, Span<double> logRatios, Span<double> score, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        SimulatorShape.Check(_mechanism, theta.Length, x.Length);
        if (hypotheses.Length != logRatios.Length * _parameters || (score.Length != 0 && score.Length != _parameters))
        {
            throw new ArgumentException(
                $"Expected hypotheses [k, {_parameters}], ratios [k] and a score of {_parameters} or none, got {hypotheses.Length}, {logRatios.Length} and {score.Length}.");
        }

        List<Choice> choices = [];
        var drawing = new ChoosingTrace(rng, choices);
        _mechanism.Run(theta, x, ref drawing);
        if (score.Length > 0)
        {
            Score(theta, x, choices, score);
        }

        if (logRatios.Length > 0)
        {
            Ratios(theta, hypotheses, x, choices, logRatios);
        }
    }

    // Directions in sizes that waste the least: 1, 4 or 16 at once.
    private void Score(ReadOnlySpan<double> theta, ReadOnlySpan<double> x, List<Choice> choices, Span<double> score)
    {
        for (int first = 0; first < theta.Length;)
        {
            int left = theta.Length - first;
            first += left == 1 ? Score<Tangent1>(theta, x, choices, score, first)
                : left <= 4 ? Score<Tangent4>(theta, x, choices, score, first)
                : Score<Tangent16>(theta, x, choices, score, first);
        }
    }

    private int Score<TTangent>(ReadOnlySpan<double> theta, ReadOnlySpan<double> x, List<Choice> choices, Span<double> score, int first)
        where TTangent : unmanaged, ITangent<TTangent>
    {
        int count = Math.Min(TTangent.Directions, theta.Length - first);
        Dual<TTangent>[] moving = new Dual<TTangent>[theta.Length], outputs = new Dual<TTangent>[x.Length];
        for (int i = 0; i < theta.Length; i++)
        {
            moving[i] = i >= first && i < first + count ? Dual<TTangent>.Variable(theta[i], i - first) : new Dual<TTangent>(theta[i]);
        }

        var trace = new ReplayingTrace<Dual<TTangent>>(choices);
        _mechanism.Run(moving, outputs, ref trace);
        trace.Finish();
        trace.LogProb.CopyDerivatives(score.Slice(first, count));
        for (int i = 0; i < outputs.Length; i++)
        {
            for (int j = 0; j < count; j++)
            {
                if (outputs[i].Derivative(j) != 0)
                {
                    throw Moves(i, ParameterNames[first + j]);
                }
            }
        }

        return count;
    }

    private void Ratios(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, ReadOnlySpan<double> x, List<Choice> choices, Span<double> logRatios)
    {
        for (int first = 0; first < logRatios.Length;)
        {
            // The first lane is theta itself: it took the branches that were taken.
            int left = logRatios.Length - first, count = Math.Min(left, left <= 3 ? 3 : 15);
            ReadOnlySpan<double> block = hypotheses.Slice(first * _parameters, count * _parameters);
            Span<double> results = logRatios.Slice(first, count);
            if (_hypothesesPart || !(count <= 3 ? Together<Tangent4>(theta, block, x, choices, results) : Together<Tangent16>(theta, block, x, choices, results)))
            {
                // A mechanism that does so once will do so again, and exceptions are slow.
                _hypothesesPart = true;
                OneByOne(theta, block, x, choices, results);
            }

            first += count;
        }
    }

    private bool Together<TNumbers>(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, ReadOnlySpan<double> x, List<Choice> choices, Span<double> logRatios)
        where TNumbers : unmanaged, ITangent<TNumbers>
    {
        Lanes<TNumbers>[] parameters = new Lanes<TNumbers>[theta.Length], outputs = new Lanes<TNumbers>[x.Length];
        Span<double> lane = stackalloc double[logRatios.Length + 1];
        for (int i = 0; i < theta.Length; i++)
        {
            lane[0] = theta[i];
            for (int k = 0; k < logRatios.Length; k++)
            {
                lane[k + 1] = hypotheses[(k * theta.Length) + i];
            }

            parameters[i] = Lanes<TNumbers>.Of(lane);
        }

        var trace = new ReplayingTrace<Lanes<TNumbers>>(choices);
        try
        {
            _mechanism.Run(parameters, outputs, ref trace);
            trace.Finish();
        }
        catch (HypothesesPartException)
        {
            return false;
        }

        int moving = Array.FindIndex(outputs, o => o.Differs);
        if (moving >= 0)
        {
            throw Moves(moving, "the parameters");
        }

        trace.LogProb.CopyTo(lane);
        for (int k = 0; k < logRatios.Length; k++)
        {
            logRatios[k] = lane[k + 1] - lane[0];
        }

        return true;
    }

    private void OneByOne(ReadOnlySpan<double> theta, ReadOnlySpan<double> hypotheses, ReadOnlySpan<double> x, List<Choice> choices, Span<double> logRatios)
    {
        var made = choices.ToDictionary(c => c.Site, c => c.Value);
        double own = LogProb(theta, x, made);
        for (int k = 0; k < logRatios.Length; k++)
        {
            logRatios[k] = LogProb(hypotheses.Slice(k * theta.Length, theta.Length), x, made) - own;
        }
    }

    private double LogProb(ReadOnlySpan<double> theta, ReadOnlySpan<double> x, Dictionary<Site, double> choices)
    {
        double[] outputs = new double[x.Length];
        var trace = new AssumingTrace(choices);
        try
        {
            _mechanism.Run(theta, outputs, ref trace);
        }
        catch (AssumingTrace.ForeignChoiceException)
        {
            return double.NegativeInfinity;
        }

        if (trace.Used < choices.Count)
        {
            return double.NegativeInfinity;
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (!outputs[i].Equals(x[i]))
            {
                throw Moves(i, "the parameters");
            }
        }

        return trace.LogProb;
    }

    private MiningException Moves(int output, string parameter) => new(
        $"Output {OutputNames[output]} moves with {parameter} other than through a choice, so the event has no joint density: "
        + $"draw it at Site.Output({output}) from a law that depends on the parameters.");
}
