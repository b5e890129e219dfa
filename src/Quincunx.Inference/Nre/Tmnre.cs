using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nre;

/// <summary>Truncated marginal neural ratio estimation (Miller et al. 2021, arXiv:2107.01214): rounds that cut the prior to a box about one observation's posterior, by ratios of single parameters.</summary>
/// <remarks>
/// The truncated prior is the prior inside the box, so a round's simulations also serve later rounds, and the networks are amortised over the box: they can be tested on its own draws (<see cref="MarginalCoverage"/>). What the box
/// leaves out has a ratio below the threshold in some parameter; a wrongly certain network can cut off posterior mass, which no later round brings back.
/// </remarks>
public sealed class Tmnre
{
    private const int FewestSimulations = 10, IntervalDraws = 10_000;
    private readonly SimulationRunner _runner;
    private readonly IndependentProduct _prior;
    private readonly TmnreOptions _options;
    private readonly int _k;

    /// <param name="prior">Of continuous scalar parts.</param>
    /// <exception cref="ArgumentException">A part of the prior is not a continuous scalar, or an option is out of its range.</exception>
    public Tmnre(ISimulator simulator, IndependentProduct prior, TmnreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(prior);
        (_runner, _prior, _options, _k) = (new SimulationRunner(simulator), prior, (options ?? new TmnreOptions()).Checked(), simulator.OutputNames.Count);
        _ = new TruncatedProduct(prior);
    }

    /// <param name="x">The observation, shape <c>[k]</c>, finite.</param>
    /// <param name="rng">Not advanced.</param>
    /// <param name="cancel">A cancelled run is a result.</param>
    /// <exception cref="ArgumentException">The observation is of another length or not finite.</exception>
    public TmnreResult Run(ReadOnlySpan<double> x, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double[] observed = x.ToArray();
        if (observed.Length != _k || !Array.TrueForAll(observed, double.IsFinite))
        {
            throw new ArgumentException($"Expected a finite observation of {_k} numbers, got {string.Join(", ", observed)}.", nameof(x));
        }

        int d = _prior.Dimension;
        int[][] single = [.. Enumerable.Range(0, d).Select(j => new[] { j })];
        var box = new TruncatedProduct(_prior);
        List<TmnreRound> rounds = [];
        List<double> thetas = [], xs = [];
        MarginalRatios? ratios = null;
        long made = 0;
        while (true)
        {
            Rng stream = rng.Split(rounds.Count);
            int reused = Keep(thetas, xs, box), wanted = Math.Max(0, _options.SimulationsPerRound - reused), failed = 0;
            try
            {
                if (wanted > 0)
                {
                    SimulationSet set = _runner.Run(box, made, made + wanted, rng.Split("simulations"), cancel: cancel);
                    SimulationPairs pairs = set.Successful();
                    (wanted, failed) = (set.Count, set.FailedRows.Count);
                    made += wanted;
                    thetas.AddRange(pairs.Theta);
                    xs.AddRange(pairs.X);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return new TmnreResult(TmnreStop.Cancelled, ratios, box, rounds);
            }

            if (thetas.Count < FewestSimulations * d)
            {
                rounds.Add(new TmnreRound(box.Supports, box.LogMass, wanted, failed, reused, null));
                return new TmnreResult(TmnreStop.SimulationsFailed, ratios, box, rounds);
            }

            MarginalRatioResult trained = Train(box, thetas, xs, single, stream, cancel);
            rounds.Add(new TmnreRound(box.Supports, box.LogMass, wanted, failed, reused, trained.Training));
            ratios = trained.Ratios;
            if (trained.Training.StopReason is StopReason.Cancelled or StopReason.Diverged)
            {
                return new TmnreResult(trained.Training.StopReason == StopReason.Cancelled ? TmnreStop.Cancelled : TmnreStop.Diverged, ratios, box, rounds);
            }

            TruncatedProduct next = Truncate(_prior, ratios, box, observed, _options.Threshold, stream.Split("interval"));
            bool settled = next.LogMass - box.LogMass > Math.Log(_options.SettledShare);
            if (settled || rounds.Count == _options.MaxRounds)
            {
                // The box that was trained on: the networks know the whole of it.
                if (_options.Marginals.Count > 0)
                {
                    MarginalRatioResult last = Train(box, thetas, xs, _options.Marginals, stream.Split("marginals"), cancel);
                    ratios = last.Ratios;
                    if (last.Training.StopReason is StopReason.Cancelled or StopReason.Diverged)
                    {
                        return new TmnreResult(last.Training.StopReason == StopReason.Cancelled ? TmnreStop.Cancelled : TmnreStop.Diverged, ratios, box, rounds);
                    }
                }

                return new TmnreResult(settled ? TmnreStop.Settled : TmnreStop.MaxRounds, ratios, box, rounds);
            }

            box = next;
        }
    }

    private MarginalRatioResult Train(TruncatedProduct box, List<double> thetas, List<double> xs, IReadOnlyList<IReadOnlyList<int>> marginals, Rng rng, CancellationToken cancel) =>
        MarginalRatioEstimation.Train(new SupportBijection(box), thetas.ToArray(), xs.ToArray(), _k, marginals, _options.Network, _options.Training, rng, cancel: cancel);

    // Leaves the simulations in the box, which are draws from the prior truncated to it.
    private int Keep(List<double> thetas, List<double> xs, TruncatedProduct box)
    {
        int d = box.Dimension, kept = 0;
        for (int i = 0; i < thetas.Count / d; i++)
        {
            if (!box.Contains(thetas.GetRange(i * d, d).ToArray()))
            {
                continue;
            }

            for (int j = 0; j < d; j++)
            {
                thetas[(kept * d) + j] = thetas[(i * d) + j];
            }

            for (int j = 0; j < _k; j++)
            {
                xs[(kept * _k) + j] = xs[(i * _k) + j];
            }

            kept++;
        }

        thetas.RemoveRange(kept * d, thetas.Count - (kept * d));
        xs.RemoveRange(kept * _k, xs.Count - (kept * _k));
        return kept;
    }

    /// <summary>The box of the next round: each interval reaches from the draw below the first whose ratio is above the threshold to the draw beyond the last.</summary>
    /// <param name="prior">The whole prior.</param>
    /// <param name="ratios">Their first marginals are of the single parameters in order.</param>
    /// <param name="box">What the ratios were trained on.</param>
    /// <param name="x">The observation, shape <c>[k]</c>, finite.</param>
    /// <param name="threshold">Share of the largest ratio.</param>
    internal static TruncatedProduct Truncate(IndependentProduct prior, MarginalRatios ratios, TruncatedProduct box, ReadOnlySpan<double> x, double threshold, Rng rng)
    {
        int d = box.Dimension;
        double[] draws = new double[IntervalDraws * d], logs = new double[IntervalDraws];
        for (int i = 0; i < IntervalDraws; i++)
        {
            box.Sample(draws.AsSpan(i * d, d), rng);
        }

        var intervals = new Support[d];
        for (int j = 0; j < d; j++)
        {
            ratios.LogRatio(j, x, draws, logs);
            double[] values = [.. Enumerable.Range(0, IntervalDraws).Select(i => draws[(i * d) + j])];
            Array.Sort(values, logs);
            double least = logs.Where(double.IsFinite).DefaultIfEmpty(double.NegativeInfinity).Max() + Math.Log(threshold);
            int first = Array.FindIndex(logs, l => l > least), last = Array.FindLastIndex(logs, l => l > least);
            intervals[j] = new Support(first > 0 ? values[first - 1] : box.Supports[j].Lower, last >= 0 && last < IntervalDraws - 1 ? values[last + 1] : box.Supports[j].Upper);
        }

        return new TruncatedProduct(prior, intervals);
    }
}
