using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Samplers;

/// <summary>One chain's trajectory as it doubles, a leapfrog step at a time, so that many chains can share each evaluation.</summary>
/// <remarks>
/// The recursion of the papers is unrolled: leaves of the doubling under way are pushed on a stack as subtrees of depth 0, and two on top of equal depth are merged as soon as they stand there, each merge with its checks; when one subtree of the
/// wanted depth is left, it is joined to the trajectory. Points are drawn within a doubling with their weights exp(-H), and between the trajectory and its new half in favour of the new one.
/// </remarks>
internal sealed class NutsTree
{
    private readonly int _d, _maxDepth;
    private readonly double _turn;
    private readonly End[] _ends;
    private readonly Subtree[] _stack;
    private readonly double[] _position, _momentum, _gradient, _velocity, _sum, _velocitySum, _candidate, _candidateGradient, _scratch, _velocityScratch;
    private double _energy, _logWeight, _candidateLogWeight, _candidateLogDensity, _acceptanceSum;
    private int _height, _depth, _side, _leaves, _steps;

    /// <param name="turn">See <see cref="NutsOptions.TurnThreshold"/>.</param>
    public NutsTree(int dimension, int maxDepth, double turn)
    {
        (_d, _maxDepth, _turn) = (dimension, maxDepth, turn);
        _ends = [new End(dimension), new End(dimension)];
        _stack = [.. Enumerable.Range(0, maxDepth + 1).Select(_ => new Subtree(dimension))];
        (_position, _momentum, _gradient, _velocity) = (new double[dimension], new double[dimension], new double[dimension], new double[dimension]);
        (_sum, _velocitySum, _scratch, _velocityScratch) = (new double[dimension], new double[dimension], new double[dimension], new double[dimension]);
        (_candidate, _candidateGradient) = (new double[dimension], new double[dimension]);
        (Proposal, ProposalGradient) = (new double[dimension], new double[dimension]);
    }

    /// <summary>The draw, once the trajectory has ended.</summary>
    public double[] Proposal { get; }

    public double[] ProposalGradient { get; }

    public double ProposalLogDensity { get; private set; }

    public bool IsDivergent { get; private set; }

    public bool IsSaturated { get; private set; }

    /// <summary>Mean over the leaves of min(1, exp(-energy error)).</summary>
    public double MeanAcceptance => _acceptanceSum / Math.Max(1, _steps);

    public void Begin(ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, double logDensity, Metric metric, Rng rng)
    {
        metric.Draw(_momentum, rng);
        metric.Velocity(_momentum, _velocity);
        foreach (End end in _ends)
        {
            end.Set(point, _momentum, gradient, _velocity);
        }

        point.CopyTo(Proposal);
        gradient.CopyTo(ProposalGradient);
        _momentum.CopyTo(_sum, 0);
        _velocity.CopyTo(_velocitySum, 0);
        ProposalLogDensity = logDensity;
        _energy = (0.5 * Metric.Dot(_momentum, _velocity)) - logDensity;
        (_logWeight, _acceptanceSum, _depth, _steps, IsDivergent, IsSaturated) = (0, 0, 0, 0, false, false);
        Double(rng);
    }

    /// <summary>The first part of a leapfrog step, up to where the gradient is needed.</summary>
    public void Drift(double stepSize, Metric metric, Span<double> point)
    {
        double step = _side == 1 ? stepSize : -stepSize;
        for (int i = 0; i < _d; i++)
        {
            _momentum[i] += 0.5 * step * _gradient[i];
        }

        metric.Velocity(_momentum, _velocity);
        for (int i = 0; i < _d; i++)
        {
            _position[i] += step * _velocity[i];
        }

        _position.CopyTo(point);
    }

    /// <summary>The rest of the step, and what follows from it.</summary>
    /// <returns>Whether the trajectory goes on.</returns>
    public bool Arrive(double logDensity, ReadOnlySpan<double> gradient, double stepSize, Metric metric, Rng rng)
    {
        double step = _side == 1 ? stepSize : -stepSize;
        gradient.CopyTo(_gradient);
        for (int i = 0; i < _d; i++)
        {
            _momentum[i] += 0.5 * step * _gradient[i];
        }

        metric.Velocity(_momentum, _velocity);
        double change = _energy - ((0.5 * Metric.Dot(_momentum, _velocity)) - logDensity);
        _steps++;
        _acceptanceSum += double.IsNaN(change) ? 0 : Math.Min(1, Math.Exp(change));
        if (!(change >= -HmcTransition.DivergentError))
        {
            IsDivergent = true;
            return false;
        }

        _candidateLogWeight = SpecialFunctions.LogAddExp(_candidateLogWeight, change);
        if (Math.Log(rng.NextOpenDouble()) < change - _candidateLogWeight)
        {
            _position.CopyTo(_candidate, 0);
            _gradient.CopyTo(_candidateGradient, 0);
            _candidateLogDensity = logDensity;
        }

        _leaves++;
        _stack[_height++].Set(_momentum, _velocity);
        while (_height >= 2 && _stack[_height - 1].Depth == _stack[_height - 2].Depth)
        {
            if (!Merge(_stack[_height - 2], _stack[_height - 1]))
            {
                return false;
            }

            _height--;
        }

        return _leaves < 1 << _depth || Join(rng);
    }

    private void Double(Rng rng)
    {
        _side = rng.NextBernoulli(0.5) ? 1 : 0;
        (_height, _leaves, _candidateLogWeight) = (0, 0, double.NegativeInfinity);
        End end = _ends[_side];
        end.Position.CopyTo(_position, 0);
        end.Momentum.CopyTo(_momentum, 0);
        end.Gradient.CopyTo(_gradient, 0);
    }

    // The doubling is complete and has not turned within itself; the trajectory may turn now that both are one.
    private bool Join(Rng rng)
    {
        Subtree added = _stack[0];
        _depth++;
        if (Math.Log(rng.NextOpenDouble()) < _candidateLogWeight - _logWeight)
        {
            _candidate.CopyTo(Proposal, 0);
            _candidateGradient.CopyTo(ProposalGradient, 0);
            ProposalLogDensity = _candidateLogDensity;
        }

        _logWeight = SpecialFunctions.LogAddExp(_logWeight, _candidateLogWeight);
        End near = _ends[_side], far = _ends[1 - _side];
        int half = 1 << (_depth - 1);
        bool goesOn = IsStraight(far.Velocity, added.FirstVelocity, _sum, _velocitySum, added.First, added.FirstVelocity, half)
            && IsStraight(near.Velocity, added.LastVelocity, added.Sum, added.VelocitySum, near.Momentum, near.Velocity, half);
        Add(added.Sum, _sum);
        Add(added.VelocitySum, _velocitySum);
        goesOn = goesOn && IsStraight(far.Velocity, added.LastVelocity, _sum, _velocitySum, 2 * half);
        if (!goesOn)
        {
            return false;
        }

        near.Set(_position, _momentum, _gradient, _velocity);
        IsSaturated = _depth == _maxDepth;
        if (IsSaturated)
        {
            return false;
        }

        Double(rng);
        return true;
    }

    private bool Merge(Subtree first, Subtree second)
    {
        int half = 1 << first.Depth;
        bool isStraight = IsStraight(first.FirstVelocity, second.FirstVelocity, first.Sum, first.VelocitySum, second.First, second.FirstVelocity, half)
            && IsStraight(first.LastVelocity, second.LastVelocity, second.Sum, second.VelocitySum, first.Last, first.LastVelocity, half);
        Add(second.Sum, first.Sum);
        Add(second.VelocitySum, first.VelocitySum);
        isStraight = isStraight && IsStraight(first.FirstVelocity, second.LastVelocity, first.Sum, first.VelocitySum, 2 * half);
        second.Last.CopyTo(first.Last, 0);
        second.LastVelocity.CopyTo(first.LastVelocity, 0);
        first.Depth++;
        return isStraight;
    }

    // Whether both ends still move along the sum of all momenta between them (Betancourt 2017), and fast enough beside the mean of these.
    private bool IsStraight(double[] oneEnd, double[] otherEnd, double[] sum, double[] velocitySum, int points)
    {
        double least = _turn * Metric.Dot(velocitySum, sum) / points;
        return Metric.Dot(oneEnd, sum) > least && Metric.Dot(otherEnd, sum) > least;
    }

    // The same of a half and the point next to it.
    private bool IsStraight(double[] oneEnd, double[] otherEnd, double[] sum, double[] velocitySum, double[] neighbour, double[] neighbourVelocity, int half)
    {
        sum.CopyTo(_scratch, 0);
        velocitySum.CopyTo(_velocityScratch, 0);
        Add(neighbour, _scratch);
        Add(neighbourVelocity, _velocityScratch);
        return IsStraight(oneEnd, otherEnd, _scratch, _velocityScratch, half + 1);
    }

    private static void Add(double[] values, double[] to) => System.Numerics.Tensors.TensorPrimitives.Add<double>(values, to, to);

    private sealed class End(int dimension)
    {
        public double[] Position { get; } = new double[dimension];

        public double[] Momentum { get; } = new double[dimension];

        public double[] Gradient { get; } = new double[dimension];

        public double[] Velocity { get; } = new double[dimension];

        public void Set(ReadOnlySpan<double> position, ReadOnlySpan<double> momentum, ReadOnlySpan<double> gradient, ReadOnlySpan<double> velocity)
        {
            position.CopyTo(Position);
            momentum.CopyTo(Momentum);
            gradient.CopyTo(Gradient);
            velocity.CopyTo(Velocity);
        }
    }

    /// <summary>A run of leaves in the order in which they were reached: momenta and velocities at both ends, and the sums of all of them.</summary>
    private sealed class Subtree(int dimension)
    {
        public int Depth { get; set; }

        public double[] First { get; } = new double[dimension];

        public double[] FirstVelocity { get; } = new double[dimension];

        public double[] Last { get; } = new double[dimension];

        public double[] LastVelocity { get; } = new double[dimension];

        public double[] Sum { get; } = new double[dimension];

        public double[] VelocitySum { get; } = new double[dimension];

        public void Set(double[] momentum, double[] velocity)
        {
            Depth = 0;
            momentum.CopyTo(First, 0);
            momentum.CopyTo(Last, 0);
            momentum.CopyTo(Sum, 0);
            velocity.CopyTo(FirstVelocity, 0);
            velocity.CopyTo(LastVelocity, 0);
            velocity.CopyTo(VelocitySum, 0);
        }
    }
}
