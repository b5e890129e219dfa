using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Adversarial;

/// <summary>The state of one optimisation while it runs.</summary>
internal sealed class AvoRun : IDisposable
{
    private readonly AvoOptions _options;
    private readonly SimulationRunner _runner;
    private readonly GaussianProposal _proposal;
    private readonly Critic _critic;
    private readonly CriticTask _task;
    private readonly TrainingStep _training;
    private readonly Rng _rng;
    private readonly double[] _observed, _startDeviations, _gradient, _variances, _slopes;
    private readonly GradientNoise _noise;

    // A step of the proposal: moved from zero by the optimiser, applied, and set back to zero.
    private readonly Parameter _step;
    private readonly Adam _optimiser;

    private readonly List<AvoStep> _history = [];
    private ProposalAverage _earlier, _current;
    private long _simulations, _failed, _criticSteps, _skipped;
    private int _skippedInARow;

    public AvoRun(ISimulator simulator, ReadOnlySpan<double> observations, GaussianProposal proposal, Critic critic, AvoOptions options, Rng rng)
    {
        (_options, _critic, _rng) = (options, critic, rng);
        _runner = new SimulationRunner(simulator, new SimulationOptions { Threads = options.SimulationThreads });
        _proposal = proposal.Copy();
        _observed = observations.ToArray();
        _task = new CriticTask(critic, observations, options);
        _training = new TrainingStep(_task, new TrainingOptions { Chunks = 1, Threads = 1, Adam = options.CriticAdam, MaximumChunkRows = Math.Max(512, options.BatchSize) });
        _startDeviations = proposal.Deviations();
        _gradient = new double[ProposalGradient.Count(proposal.Dimension, proposal.Shape)];
        (_variances, _slopes) = (new double[_gradient.Length], new double[_gradient.Length]);
        _noise = new GradientNoise(proposal.Dimension, options.ProposalAdam.Beta2, options.Window);
        _step = new Parameter(Tensor.Zeros(new Shape(_gradient.Length), DType.Float64));
        _optimiser = new Adam([_step], options.ProposalAdam);
        (_earlier, _current) = (new ProposalAverage(proposal.Dimension), new ProposalAverage(proposal.Dimension));
    }

    public AvoResult ToEnd(IProgress<AvoStep>? progress, CancellationToken cancel)
    {
        int steps = _options.WarmUpSteps + _options.MaxSteps;
        for (int step = 0; step < steps; step++)
        {
            if (Advance(step, progress, cancel) is { } reason)
            {
                return End(reason);
            }
        }

        return End(AvoStop.MaxSteps);
    }

    public void Dispose() => _training.Dispose();

    private AvoStop? Advance(int step, IProgress<AvoStep>? progress, CancellationToken cancel)
    {
        int d = _proposal.Dimension, k = _critic.Features, n = _options.SimulationsPerStep;
        Rng draws = _rng.Split("steps").Split(step);
        double[] noises = new double[n * d], thetas = new double[n * d];
        draws.Split("theta").FillNormal(noises);
        _proposal.Draw(noises, thetas);
        SimulationSet events;
        try
        {
            cancel.ThrowIfCancellationRequested();
            events = _runner.Run(thetas, (long)step * n, _rng.Split("events"), cancel: cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return AvoStop.Cancelled;
        }

        int failed = events.FailedRows.Count;
        _simulations += events.Count;
        _failed += failed;
        double[] xs = events.Successful().X, kept = Kept(noises, events, d);
        int successes = xs.Length / k;
        if (successes < 2)
        {
            return AvoStop.SimulationsFailed;
        }

        double[] costs = new double[successes];
        double gap = Gap(xs, costs, draws.Split("gap"));
        var report = new AvoStep(step, gap, _proposal.Entropy, _proposal.Mean.ToArray(), failed);
        _history.Add(report);
        TrainCritic(xs, successes, draws.Split("critic"));
        if (_skippedInARow >= _options.MaxSkippedSteps)
        {
            return AvoStop.Diverged;
        }

        AvoStop? reason = step < _options.WarmUpSteps ? null : Move(kept, costs);
        progress?.Report(report);
        return reason;
    }

    // Costs of the simulations, and how far the critic tells them from as many observations.
    private double Gap(double[] xs, double[] costs, Rng rng)
    {
        int k = _critic.Features, observations = _observed.Length / k;
        double[] some = new double[xs.Length], values = new double[costs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            _observed.AsSpan(rng.NextInt32(observations) * k, k).CopyTo(some.AsSpan(i * k));
        }

        _critic.Evaluate(xs, costs);
        _critic.Evaluate(some, values);
        double gap = 0;
        for (int i = 0; i < costs.Length; i++)
        {
            gap += (values[i] - costs[i]) / costs.Length;
            costs[i] = -costs[i];
        }

        return gap;
    }

    private void TrainCritic(double[] xs, int successes, Rng rng)
    {
        _task.Set(xs);
        int[] rows = new int[_options.BatchSize];
        for (int i = 0; i < _options.CriticSteps; i++)
        {
            Rng own = rng.Split(i);
            foreach (ref int row in rows.AsSpan())
            {
                row = own.NextInt32(successes);
            }

            StepOutcome outcome = _training.Run(rows, own.Split("pairs"), _options.CriticRate);
            _criticSteps++;
            _skipped += outcome.IsTaken ? 0 : 1;
            _skippedInARow = outcome.IsTaken ? 0 : _skippedInARow + 1;
        }
    }

    private AvoStop? Move(double[] noises, double[] costs)
    {
        int d = _proposal.Dimension;
        ProposalGradient.Estimate(noises, costs, d, _proposal.Shape, _options.Baseline, _gradient, _variances);
        _noise.Add(_variances);
        double weight = _options.EntropyPenalty - (_options.EntropyReward * _noise.StandardError);
        _proposal.SlopeGradient(noises, _slopes);
        for (int i = 0; i < _gradient.Length; i++)
        {
            // Of the entropy of z, log |L| and a constant, the slope is 1 in each step of the diagonal.
            double ofEntropy = _slopes[i] + (i >= d && i < 2 * d ? 1 : 0);
            _gradient[i] += weight * ofEntropy;
        }

        if (SimulationSet.FirstNonFinite(_gradient) >= 0)
        {
            return AvoStop.Diverged;
        }

        _optimiser.Step([Tensor.From(_gradient, new Shape(_gradient.Length))], _options.ProposalRate);
        _proposal.Move(_step.Value.AsSpan<double>());
        _step.Value.Writable<double>().Clear();

        double[] deviations = _proposal.Deviations();
        for (int i = 0; i < d; i++)
        {
            double spread = deviations[i] / _startDeviations[i];
            if (!(spread <= _options.LargestSpread) || !double.IsFinite(_proposal.Mean[i]))
            {
                return AvoStop.Diverged;
            }

            if (spread < _options.SmallestSpread)
            {
                return AvoStop.ProposalCollapsed;
            }
        }

        _current.Add(_proposal);
        if (_current.Count < _options.Window)
        {
            return null;
        }

        bool agrees = _earlier.Count > 0 && _current.Agrees(_earlier, _options.MeanTolerance, _options.SpreadTolerance);
        if (!agrees)
        {
            (_earlier, _current) = (_current, new ProposalAverage(d));
        }

        return agrees ? AvoStop.Converged : null;
    }

    private static double[] Kept(double[] noises, SimulationSet events, int d)
    {
        if (events.FailedRows.Count == 0)
        {
            return noises;
        }

        HashSet<int> failed = [.. events.FailedRows];
        List<double> kept = [];
        for (int row = 0; row < events.Count; row++)
        {
            if (!failed.Contains(row))
            {
                kept.AddRange(noises.AsSpan(row * d, d));
            }
        }

        return [.. kept];
    }

    private AvoResult End(AvoStop reason)
    {
        // The current window where it has half its length, else the one before it.
        ProposalAverage average = 2 * _current.Count >= _options.Window || _earlier.Count == 0 ? _current : _earlier;
        return new AvoResult
        {
            StopReason = reason,
            Advice = AvoAdvice.Of(reason, _simulations, _failed, _options),
            Proposal = average.Of(_proposal),
            Last = _proposal.Copy(),
            Critic = _critic,
            Wander = average.Wander(),
            History = _history,
            Simulations = _simulations,
            Failed = _failed,
            CriticSteps = _criticSteps,
            SkippedSteps = _skipped,
            Replays = _training.Replays,
        };
    }
}
