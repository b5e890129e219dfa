using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.DifferentialEquations;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.ScoreModels;

/// <summary>A posterior that a network carries noise into: learned by flow matching (<see cref="FlowMatching"/>) or as a score (<see cref="ScoreEstimation"/>).</summary>
/// <remarks>
/// <para>
/// It lives in the unconstrained coordinates of the prior's support, standardised, so that no mass leaks out of the support. The network gives u(y, φ, x), from which follow the velocity of the
/// probability flow, the score and the expected parameters at every point of a <see cref="NoisePath"/>. Densities are those of the probability flow, whatever draws are made by: by the
/// change of volume along it (Song et al. 2021, arXiv:2011.13456, equation 39), up to the error of its steps.
/// </para>
/// <para>
/// Draws come in blocks of 1,024 rows, block i from stream i, on all cores: the thread count does not change them. Where a network is so far off that the flow leaves the numbers, as after training that
/// diverged, the block's draws and densities are NaN.
/// </para>
/// </remarks>
public sealed class ScorePosterior : IPosteriorEstimator, IModule
{
    // Columns that go through the network at once for an exact divergence: a block of up to eight parameters, and less than a gigabyte on each thread.
    private const int ExactTangents = 8 * PosteriorCoordinates.BlockRows;

    private readonly PosteriorCoordinates _coordinates;
    private readonly ObservationEmbedding? _embedding;
    private readonly ScoreNetwork _network;
    private readonly NoiseSchedule _schedule;
    private readonly AngleField _field;
    private readonly ContinuousFlow _flow;
    private readonly OdeSolver _solver;

    internal ScorePosterior(PosteriorCoordinates coordinates, NoisePath path, ScoreNetworkOptions network, ScoreSampling sampling, Rng rng)
        : this(coordinates, path, ObservationEmbedding.Of(coordinates.Features, network.Observations, rng.Split("embedding")), network, sampling, rng)
    {
    }

    private ScorePosterior(PosteriorCoordinates coordinates, NoisePath path, ObservationEmbedding? embedding, ScoreNetworkOptions network, ScoreSampling sampling, Rng rng)
        : this(coordinates, path, embedding, new ScoreNetwork(coordinates.Dimension, embedding?.Outputs ?? coordinates.Features, network, rng), sampling)
    {
    }

    private ScorePosterior(PosteriorCoordinates coordinates, NoisePath path, ObservationEmbedding? embedding, ScoreNetwork network, ScoreSampling sampling)
    {
        (_coordinates, _embedding, _network, _schedule, Sampling) = (coordinates, embedding, network, new NoiseSchedule(path), sampling.Checked(path));
        _field = new AngleField(network, _schedule.Angle(_schedule.First), _schedule.Angle(1));
        var steps = new OdeOptions { Method = RungeKuttaMethod.RungeKutta4, Step = 1.0 / sampling.FlowSteps };
        _flow = new ContinuousFlow(_field, new ContinuousFlowOptions { Solver = steps });
        _solver = new OdeSolver(steps);
    }

    /// <inheritdoc/>
    public int Dimension => _coordinates.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _coordinates.Features;

    public NoisePath Path => _schedule.Path;

    public ScoreSampling Sampling { get; }

    internal PosteriorCoordinates Coordinates => _coordinates;

    internal ScoreNetwork Network => _network;

    /// <summary>The same network with draws and densities computed otherwise.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or the path has no diffusion.</exception>
    public ScorePosterior With(ScoreSampling sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return new ScorePosterior(_coordinates, Path, _embedding, _network, sampling);
    }

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => _coordinates.Sample(x, thetas, rng, Draw);

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => _coordinates.SampleMany(xs, count, thetas, rng, Draw);

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _coordinates.LogProb(x, thetas, logProbs, Density);

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _coordinates.LogProbPairs(thetas, xs, logProbs, Density);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _coordinates.Theta);
        tree.Add("x", _coordinates.X);
        if (_embedding is not null)
        {
            tree.Add("embedding", _embedding);
        }

        tree.Add("network", _network);
    }

    /// <summary>What the network sees of scaled observations: columns, of rows.</summary>
    internal Tensor Context(Tensor x) => (_embedding?.Forward(x) ?? x).Transpose();

    private Tensor Draw(int n, Rng rng, Tensor x)
    {
        double[] noise = new double[Dimension * n];
        rng.FillNormal(noise);
        Tensor y = Tensor.From(noise, new Shape(Dimension, n), DType.Float32), context = Context(x);
        if (Sampling.Sampler != ScoreSampler.ProbabilityFlow)
        {
            return new ReverseDiffusion(_network, _schedule, Sampling).Run(y, context, rng).Transpose();
        }

        OdeResult result = _solver.Solve((s, state) => _field.Velocity(s, state, context), y, [1, 0]);
        return (result.Outcome.IsCompleted ? result.States.At(0, 1) : y * double.NaN).Transpose();
    }

    private Tensor Density(int block, Tensor z, Tensor x)
    {
        int n = z.Shape[0];
        if (Sampling.Divergence is { } estimate)
        {
            return Density(z, x, estimate.Draw(Dimension, n, new Rng(0).Split(block)));
        }

        // An exact divergence takes a tangent for each parameter through the network: of many parameters a whole block would take gigabytes.
        int rows = Math.Max(1, ExactTangents / Dimension);
        double[] logs = new double[n];
        for (int from = 0; from < n; from += rows)
        {
            using var scope = new TensorScope();
            int count = Math.Min(rows, n - from);
            Density(z.Slice(0, from, count), x.Shape[0] == 1 ? x : x.Slice(0, from, count), noise: null).ToArray().CopyTo(logs, from);
        }

        return Tensor.From(logs, new Shape(n), DType.Float64);
    }

    private Tensor Density(Tensor z, Tensor x, Tensor? noise)
    {
        Transformed end = _flow.Integrate(z.Transpose(), Context(x), noise).Map;
        return (Tensor.Square(end.Value).Sum(axis: 0) * -0.5) - (0.5 * Dimension * Math.Log(2 * Math.PI)) + end.LogDet;
    }
}
