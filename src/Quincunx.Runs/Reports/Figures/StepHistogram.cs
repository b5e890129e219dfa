namespace Quincunx.Runs.Reports.Figures;

/// <summary>A weighted histogram of equal bins, as a density of the whole sample: what lies outside the bins counts in the normalisation.</summary>
/// <param name="Edges">Ascending, one more than the heights.</param>
internal sealed record StepHistogram(IReadOnlyList<double> Edges, IReadOnlyList<double> Heights)
{
    public static StepHistogram Of(IReadOnlyList<double> values, IReadOnlyList<double> weights, double min, double max, int bins)
    {
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? max : min + ((max / bins) - (min / bins)) * i)];
        double[] heights = new double[bins];
        double total = weights.Sum();
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] >= min && values[i] <= max)
            {
                double share = ((values[i] / 2) - (min / 2)) / ((max / 2) - (min / 2));
                heights[Math.Min((int)(share * bins), bins - 1)] += weights[i];
            }
        }

        double width = (max / bins) - (min / bins);
        for (int i = 0; i < bins; i++)
        {
            heights[i] = total > 0 ? heights[i] / total / width : 0;
        }

        return new StepHistogram(edges, heights);
    }
}
