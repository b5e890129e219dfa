using Quincunx.Inference.Experiments;
using Quincunx.Inference.Importance;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>Independent draws of a flow with their weights, and what was measured on them.</summary>
internal sealed class FlowDraws
{
    private const int Chunk = 1024;

    private FlowDraws(int count, int size) =>
        (Magnetisation, Correlators, Action, LogProb) = (new double[count], new double[count * size], new double[count], new double[count]);

    public double[] Magnetisation { get; }

    /// <summary>Shape <c>[count, L]</c>.</summary>
    public double[] Correlators { get; }

    /// <summary>S.</summary>
    public double[] Action { get; }

    /// <summary>log q.</summary>
    public double[] LogProb { get; }

    /// <summary>-S - log q, the weights that correct the flow, up to log Z.</summary>
    public double[] LogWeights => [.. Action.Zip(LogProb, (s, q) => -s - q)];

    /// <summary>Draws in float64, where rounding does not touch a weight.</summary>
    /// <exception cref="StateException">The weights are of another flow.</exception>
    public static FlowDraws Of(LatticeFlowOptions options, NamedTensors weights, Rng rng, IProgress<ExperimentProgress>? progress, CancellationToken cancel)
    {
        PhiFourAction action = options.Action;
        LatticeFlow flow = LatticeFlowExperiment.Flow(options, new Rng(0), DType.Float64);
        ModuleState.Import(flow, weights.To(DType.Float64));
        var draws = new FlowDraws(options.Draws, action.Size);
        using Recording.Pause pause = Recording.Off();
        for (int from = 0; from < options.Draws; from += Chunk)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            int count = Math.Min(Chunk, options.Draws - from);
            double[] noise = new double[count * action.Sites];
            rng.Split(from / Chunk).FillNormal(noise);
            (Tensor phi, Tensor logProb) = flow.FromNoise(Tensor.From(noise, new Shape(count, 1, action.Size, action.Size)));
            draws.Measure(from, action, phi.ToArray(), logProb.ToArray());
            progress?.Report(new ExperimentProgress(from + count, options.Draws, "draws"));
        }

        return draws;
    }

    /// <summary>V m², whose mean is the susceptibility.</summary>
    public double[] Susceptibility(int sites) => [.. Magnetisation.Select(m => sites * m * m)];

    /// <summary>One time of the correlator, of each draw.</summary>
    public double[] Correlator(int t) => [.. Enumerable.Range(0, Action.Length).Select(i => Correlators[(i * (Correlators.Length / Action.Length)) + t])];

    public ImportanceWeights Weights() => ImportanceWeights.FromLog(LogWeights);

    private void Measure(int from, PhiFourAction action, ReadOnlySpan<double> fields, ReadOnlySpan<double> logProb)
    {
        for (int i = 0; i < logProb.Length; i++)
        {
            ReadOnlySpan<double> phi = fields.Slice(i * action.Sites, action.Sites);
            Action[from + i] = action.Of(phi);
            LogProb[from + i] = logProb[i];
            Magnetisation[from + i] = LatticeObservables.Magnetisation(phi);
            LatticeObservables.Correlator(phi, action.Size, Correlators.AsSpan((from + i) * action.Size, action.Size));
        }
    }
}
