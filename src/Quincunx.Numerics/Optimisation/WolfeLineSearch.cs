namespace Quincunx.Numerics.Optimisation;

/// <summary>Finds a step that fulfils the strong Wolfe conditions.</summary>
/// <remarks>
/// Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 3.5 and 3.6, with the cubic of equation 3.59 kept away from
/// the ends of the bracket. A value that is not finite counts as infinitely high, so a step that leaves the function's domain shrinks.
/// </remarks>
internal sealed class WolfeLineSearch(Func<double, WolfeLineSearch.Point> function, double decrease, double curvature, int maxEvaluations)
{
    private const double Growth = 3, LargestStep = 1e20;

    private Point _start;
    private int _left;

    /// <summary>The function along the line.</summary>
    /// <param name="Step">Distance from the start, in units of the direction.</param>
    /// <param name="Value">f there.</param>
    /// <param name="Slope">df/dstep there.</param>
    internal readonly record struct Point(double Step, double Value, double Slope)
    {
        public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Slope);
    }

    /// <param name="start">Step 0, with a negative slope.</param>
    /// <param name="step">The first step to try.</param>
    /// <returns>The step, which is also the last that was evaluated; null where none was found.</returns>
    public Point? Search(Point start, double step)
    {
        _start = start;
        _left = maxEvaluations;
        Point before = start;
        bool first = true;
        while (_left-- > 0 && step <= LargestStep)
        {
            Point here = function(step);
            if (!Decreases(here) || (!first && here.Value >= before.Value))
            {
                return Zoom(before, here);
            }

            if (IsFlat(here))
            {
                return here;
            }

            if (here.Slope >= 0)
            {
                return Zoom(here, before);
            }

            before = here;
            first = false;
            step *= Growth;
        }

        return null;
    }

    // low fulfils the decrease condition, has the lowest value so far, and its slope points towards high.
    private Point? Zoom(Point low, Point high)
    {
        while (_left-- > 0)
        {
            double step = Between(low, high);
            if (step == low.Step || step == high.Step)
            {
                return null;            // no number lies between them
            }

            Point here = function(step);
            if (!Decreases(here) || here.Value >= low.Value)
            {
                high = here;
                continue;
            }

            if (IsFlat(here))
            {
                return here;
            }

            if (here.Slope * (high.Step - low.Step) >= 0)
            {
                high = low;
            }

            low = here;
        }

        return null;
    }

    private bool Decreases(Point point) => point.IsFinite && point.Value <= _start.Value + (decrease * point.Step * _start.Slope);

    private bool IsFlat(Point point) => Math.Abs(point.Slope) <= -curvature * _start.Slope;

    // The minimum of the cubic through both values and slopes, at least a tenth of the bracket away from its ends; the middle where
    // the cubic has none or an end is not finite.
    private static double Between(Point a, Point b)
    {
        double width = b.Step - a.Step, middle = a.Step + (0.5 * width);
        if (!b.IsFinite)
        {
            return middle;
        }

        double d1 = a.Slope + b.Slope - (3 * (a.Value - b.Value) / (a.Step - b.Step));
        double d2 = Math.Sign(width) * Math.Sqrt((d1 * d1) - (a.Slope * b.Slope));
        double share = 1 - ((b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2)));
        return double.IsFinite(share) ? a.Step + (Math.Clamp(share, 0.1, 0.9) * width) : middle;
    }
}
