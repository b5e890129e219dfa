namespace Quincunx.Numerics.Optimisation;

/// <summary>Minimises a smooth function by limited-memory quasi-Newton steps with a strong Wolfe line search, in float64.</summary>
/// <remarks>Liu and Nocedal 1989, Math. Program. 45, 503; Nocedal and Wright, 2nd edition, algorithms 7.4 and 7.5.</remarks>
public sealed class Lbfgs(LbfgsOptions? options = null)
{
    private readonly LbfgsOptions _options = (options ?? new LbfgsOptions()).Checked();

    /// <param name="function">Value and gradient at a point. It may return its own arrays again, and must not keep or change the point.</param>
    /// <param name="start">Not changed.</param>
    /// <param name="cancel">Checked before each evaluation.</param>
    public LbfgsResult Minimise(Func<double[], (double Value, double[] Gradient)> function, ReadOnlySpan<double> start, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Run(_options, function, start.ToArray(), cancel).Minimise();
    }

    internal static double LargestMagnitude(double[] values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));        // NaN wins
        }

        return largest;
    }

    private sealed class Run(LbfgsOptions options, Func<double[], (double Value, double[] Gradient)> function, double[] start, CancellationToken cancel)
    {
        private readonly int _count = start.Length;
        private readonly List<(double[] Step, double[] Change, double Product)> _pairs = [];
        private readonly double[] _direction = new double[start.Length];
        private double[] _x = start, _trial = new double[start.Length];
        private double[] _gradient = new double[start.Length], _trialGradient = new double[start.Length];
        private double _value;
        private int _evaluations;

        public LbfgsResult Minimise()
        {
            _value = Evaluate(_x, _gradient);
            if (!double.IsFinite(_value) || !Array.TrueForAll(_gradient, double.IsFinite))
            {
                return Result(LbfgsStop.NotFinite, 0);
            }

            for (int iteration = 0; ; iteration++)
            {
                if (LargestMagnitude(_gradient) <= options.GradientTolerance)
                {
                    return Result(LbfgsStop.Converged, iteration);
                }

                if (iteration == options.MaxIterations)
                {
                    return Result(LbfgsStop.MaxIterations, iteration);
                }

                bool moved = Step();
                if (!moved && _pairs.Count > 0)
                {
                    _pairs.Clear();             // once more along the gradient itself, before giving up
                    moved = Step();
                }

                if (!moved)
                {
                    return Result(_evaluations >= options.MaxEvaluations ? LbfgsStop.MaxEvaluations : LbfgsStop.Stalled, iteration);
                }
            }
        }

        private bool Step()
        {
            SetDirection();
            double slope = Dot(_direction, _gradient);
            if (!(slope < 0))
            {
                return false;
            }

            // Without curvature the first step has length 1 at most; later ones are Newton steps.
            double step = _pairs.Count > 0 ? 1 : Math.Min(1, 1 / Math.Sqrt(Dot(_direction, _direction)));
            int left = Math.Min(60, options.MaxEvaluations - _evaluations);
            var search = new WolfeLineSearch(Along, options.Decrease, options.Curvature, left);
            if (search.Search(new WolfeLineSearch.Point(0, _value, slope), step) is not WolfeLineSearch.Point found)
            {
                return false;
            }

            double[] moved = new double[_count], change = new double[_count];
            for (int i = 0; i < _count; i++)
            {
                moved[i] = _trial[i] - _x[i];
                change[i] = _trialGradient[i] - _gradient[i];
            }

            // Positive by the curvature condition, unless rounding has eaten it.
            double product = Dot(moved, change);
            if (product > 1e-14 * Math.Sqrt(Dot(moved, moved) * Dot(change, change)))
            {
                _pairs.Add((moved, change, product));
                if (_pairs.Count > options.Memory)
                {
                    _pairs.RemoveAt(0);
                }
            }

            _value = found.Value;
            (_x, _trial) = (_trial, _x);
            (_gradient, _trialGradient) = (_trialGradient, _gradient);
            return true;
        }

        private WolfeLineSearch.Point Along(double step)
        {
            for (int i = 0; i < _count; i++)
            {
                _trial[i] = _x[i] + (step * _direction[i]);
            }

            double value = Evaluate(_trial, _trialGradient);
            return new WolfeLineSearch.Point(step, value, Dot(_trialGradient, _direction));
        }

        private double Evaluate(double[] point, double[] gradient)
        {
            cancel.ThrowIfCancellationRequested();
            _evaluations++;
            (double value, double[] found) = function(point);
            if (found.Length != point.Length)
            {
                throw new ArgumentException($"Expected a gradient of length {point.Length}, got {found.Length}.", nameof(function));
            }

            found.CopyTo(gradient, 0);
            return value;
        }

        // Minus the inverse Hessian of the kept pairs times the gradient, by the two-loop recursion.
        private void SetDirection()
        {
            for (int i = 0; i < _count; i++)
            {
                _direction[i] = -_gradient[i];
            }

            double[] along = new double[_pairs.Count];
            for (int p = _pairs.Count - 1; p >= 0; p--)
            {
                along[p] = Dot(_pairs[p].Step, _direction) / _pairs[p].Product;
                Add(-along[p], _pairs[p].Change);
            }

            if (_pairs.Count > 0)
            {
                (_, double[] change, double product) = _pairs[^1];
                double scale = product / Dot(change, change);
                for (int i = 0; i < _count; i++)
                {
                    _direction[i] *= scale;
                }
            }

            for (int p = 0; p < _pairs.Count; p++)
            {
                Add(along[p] - (Dot(_pairs[p].Change, _direction) / _pairs[p].Product), _pairs[p].Step);
            }
        }

        private void Add(double factor, double[] vector)
        {
            for (int i = 0; i < _count; i++)
            {
                _direction[i] += factor * vector[i];
            }
        }

        private LbfgsResult Result(LbfgsStop reason, int iterations) => new([.. _x], _value, [.. _gradient], reason, iterations, _evaluations);

        // A plain loop: the order of a vectorised sum would depend on where the collector put the arrays.
        private static double Dot(double[] a, double[] b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
            {
                sum += a[i] * b[i];
            }

            return sum;
        }
    }
}
