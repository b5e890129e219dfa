namespace Quincunx.Inference.Samplers;

/// <summary>Step size and metric of a Hamiltonian sampler, shared by its chains: all of them together learn faster, and trajectories of equal steps fill batches.</summary>
internal sealed class HamiltonianAdaptation
{
    // Beyond these nothing reasonable happens: coordinates would have to be measured in other units.
    private const double SmallestStep = 1e-10, LargestStep = 1e10;

    private readonly ChainState _state;
    private readonly CountedTarget _target;
    private readonly double[] _gradients;
    private readonly HamiltonianOptions _options;
    private readonly DualAveraging _steps;
    private readonly WarmupSchedule _schedule;
    private readonly MetricWindow _window;
    private int _iteration;

    /// <param name="gradients">At the points of the state, kept up to date by the sampler.</param>
    public HamiltonianAdaptation(ChainState state, CountedTarget target, double[] gradients, HamiltonianOptions options)
    {
        (_state, _target, _gradients, _options) = (state, target, gradients, options);
        _steps = new DualAveraging(options.TargetAcceptance);
        _schedule = new WarmupSchedule(options.Warmup);
        _window = new MetricWindow(state.Dimension, Math.Max(2, state.Chains), options.Metric);
        Metric = Metric.Identity(state.Dimension);
        StepSize = options.StepSize;
    }

    public Metric Metric { get; private set; }

    public double StepSize { get; private set; }

    /// <summary>Before the first step of a warm-up.</summary>
    public SamplerStop? Start() => FindStepSize();

    /// <summary>After each step of the warm-up.</summary>
    /// <param name="acceptance">Mean over the chains.</param>
    public SamplerStop? Learn(double acceptance)
    {
        _steps.Add(acceptance);
        StepSize = _steps.StepSize;
        int iteration = _iteration++;
        if (_options.Metric != MetricKind.Identity && _schedule.IsInWindow(iteration))
        {
            for (int c = 0; c < _state.Chains; c++)
            {
                _window.Add(_state.Chains == 1 && _schedule.IsInSecondHalf(iteration) ? 1 : c, _state.Point(c));
            }

            if (_schedule.Closes(iteration))
            {
                Metric = _window.Close() ?? Metric;
                return FindStepSize();
            }
        }

        return StepSize < SmallestStep || !(StepSize < LargestStep) ? SamplerStop.StepSizeCollapsed : null;
    }

    public void End() => StepSize = _options.Warmup > 0 ? _steps.AveragedStepSize : StepSize;

    // Hoffman and Gelman 2014, algorithm 4: doubled or halved until the acceptance of one leapfrog step crosses the target.
    private SamplerStop? FindStepSize()
    {
        double direction = 0;
        while (true)
        {
            double wanted = Acceptance() > _options.TargetAcceptance ? 1 : -1;
            if (direction == 0)
            {
                direction = wanted;
            }
            else if (direction != wanted)
            {
                break;
            }

            double next = StepSize * Math.Pow(2, direction);
            if (next < SmallestStep)
            {
                return SamplerStop.StepSizeCollapsed;
            }

            if (next > LargestStep)
            {
                break;                          // a flat or nearly flat target: the step is not what limits it
            }

            StepSize = next;
        }

        _steps.Restart(StepSize);
        return null;
    }

    private double Acceptance()
    {
        int n = _state.Chains, d = _state.Dimension;
        double[] points = new double[n * d], momenta = new double[n * d], velocity = new double[d], gradients = new double[n * d], logDensities = new double[n], before = new double[n];
        for (int c = 0; c < n; c++)
        {
            Span<double> p = momenta.AsSpan(c * d, d);
            Metric.Draw(p, _state.Streams[c]);
            Metric.Velocity(p, velocity);
            before[c] = (0.5 * Metric.Dot(p, velocity)) - _state.LogDensities[c];
            for (int j = 0; j < d; j++)
            {
                p[j] += 0.5 * StepSize * _gradients[(c * d) + j];
            }

            Metric.Velocity(p, velocity);
            for (int j = 0; j < d; j++)
            {
                points[(c * d) + j] = _state.Points[(c * d) + j] + (StepSize * velocity[j]);
            }
        }

        _target.EvaluateWithGradient(points, logDensities, gradients);
        double sum = 0;
        for (int c = 0; c < n; c++)
        {
            Span<double> p = momenta.AsSpan(c * d, d);
            for (int j = 0; j < d; j++)
            {
                p[j] += 0.5 * StepSize * gradients[(c * d) + j];
            }

            Metric.Velocity(p, velocity);
            double change = before[c] - ((0.5 * Metric.Dot(p, velocity)) - logDensities[c]);
            sum += double.IsNaN(change) ? 0 : Math.Min(1, Math.Exp(change));
        }

        return sum / n;
    }
}
