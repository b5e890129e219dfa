namespace Quincunx.Runs.Reports.Figures;

/// <summary>A labelled range of values and its map to the unit interval.</summary>
/// <remarks>Built only through <see cref="Over"/>, which sees to it that the range is finite and wide enough to divide by.</remarks>
internal sealed class Axis
{
    // Spans stay below the largest double, and logarithms away from subnormal numbers.
    private const double Largest = 4e307, SmallestPositive = 1e-300;

    private Axis(string label, AxisScale scale, double min, double max)
    {
        (Label, Scale, Min, Max) = (label, scale, min, max);
    }

    public string Label { get; }

    public AxisScale Scale { get; }

    public double Min { get; }

    public double Max { get; }

    /// <summary>The range of the usable values, widened on both sides by a share of itself.</summary>
    /// <param name="values">Values that are not finite, or not positive on a logarithmic axis, are ignored. None left: 0 to 1, or 1 to 10.</param>
    /// <param name="padding">Share of the span added at each end.</param>
    public static Axis Over(string label, AxisScale scale, IEnumerable<double> values, double padding = 0.05)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (IsUsable(value, scale))
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
        }

        if (min > max)
        {
            (min, max, padding) = scale == AxisScale.Linear ? (0, 1, 0) : (1, 10, 0);
        }

        return scale == AxisScale.Linear ? Linear(label, min, max, padding) : Logarithmic(label, min, max, padding);
    }

    /// <summary>Whether an axis can show a value: finite (and so far from the largest double that spans are too), and positive on a logarithmic one.</summary>
    public static bool IsUsable(double value, AxisScale scale) =>
        Math.Abs(value) <= Largest && (scale == AxisScale.Linear || value >= SmallestPositive);

    public bool IsUsable(double value) => IsUsable(value, Scale);

    /// <summary>0 at <see cref="Min"/>, 1 at <see cref="Max"/>; outside it goes on.</summary>
    public double Position(double value) => Scale == AxisScale.Linear
        ? ((value / 2) - (Min / 2)) / ((Max / 2) - (Min / 2))
        : Math.Log(value / Min) / Math.Log(Max / Min);

    public TickSet Ticks(int most) => Scale == AxisScale.Linear ? TickSet.Linear(Min, Max, most) : TickSet.Logarithmic(Min, Max, most);

    /// <summary>As many ticks as fit along a horizontal axis without their labels running into one another.</summary>
    public TickSet TicksAcross(double width)
    {
        int most = Math.Clamp((int)(width / 30), 2, 9);
        TickSet ticks = Ticks(most);
        while (most > 2 && !Fits(ticks, width))
        {
            ticks = Ticks(--most);
        }

        return ticks;
    }

    /// <summary>Ticks for a vertical axis.</summary>
    public TickSet TicksAlong(double height) => Ticks(Math.Clamp((int)(height / 26), 2, 8));

    private bool Fits(TickSet ticks, double width)
    {
        for (int i = 1; i < ticks.Values.Count; i++)
        {
            double gap = (Position(ticks.Values[i]) - Position(ticks.Values[i - 1])) * width;
            if (gap < ((TextMetrics.Width(ticks.Labels[i]) + TextMetrics.Width(ticks.Labels[i - 1])) / 2) + 5)
            {
                return false;
            }
        }

        return true;
    }

    private static Axis Linear(string label, double min, double max, double padding)
    {
        (min, max) = (Math.Clamp(min, -Largest, Largest), Math.Clamp(max, -Largest, Largest));
        double size = Math.Max(Math.Abs(min), Math.Abs(max));

        // A constant, or so near one that neighbouring ticks would share their digits: give it a range of its own size.
        if (max - min <= 1e-11 * size || max - min < 1e-280)
        {
            double half = size < 1e-280 ? 1 : size * 0.1;
            (min, max, padding) = (Math.Clamp(min - half, -Largest, Largest), Math.Clamp(max + half, -Largest, Largest), 0);
        }

        double pad = (max - min) * padding;
        return new Axis(label, AxisScale.Linear, Math.Clamp(min - pad, -Largest, Largest), Math.Clamp(max + pad, -Largest, Largest));
    }

    private static Axis Logarithmic(string label, double min, double max, double padding)
    {
        (min, max) = (Math.Clamp(min, SmallestPositive, Largest), Math.Clamp(max, SmallestPositive, Largest));
        double span = Math.Log(max / min);
        if (span < 1e-9)
        {
            (span, padding) = (Math.Log(2), 1);
        }

        double factor = Math.Exp(span * padding);
        return new Axis(label, AxisScale.Logarithmic, Math.Max(min / factor, SmallestPositive), Math.Min(max * factor, Largest));
    }
}
