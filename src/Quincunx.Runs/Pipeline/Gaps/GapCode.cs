using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Pipeline.Gaps;

/// <summary>How a simulation with gaps is stored: as one that succeeded, with the least finite number in place of NaN.</summary>
/// <remarks>Outputs of which all are NaN, or any is infinite, are those of a simulation that failed.</remarks>
internal static class GapCode
{
    private const double Gap = double.MinValue;

    /// <param name="x">The outputs of one simulation; changed in place.</param>
    public static void Encode(Span<double> x)
    {
        bool isFailed = true;
        foreach (double value in x)
        {
            if (double.IsInfinity(value))
            {
                return;
            }

            isFailed &= double.IsNaN(value);
        }

        if (!isFailed)
        {
            foreach (ref double value in x)
            {
                value = double.IsNaN(value) ? Gap : value;
            }
        }
    }

    /// <summary>The simulations that did not fail, with NaN in their gaps.</summary>
    public static SimulationPairs Decode(SimulationPairs pairs) => pairs with { X = Array.ConvertAll(pairs.X, value => value == Gap ? double.NaN : value) };

    /// <summary>Simulations that were made elsewhere, as they are stored.</summary>
    public static SimulationSet Encode(SimulationSet set)
    {
        double[] xs = [.. set.X];
        for (int row = 0; row < set.Count; row++)
        {
            Encode(xs.AsSpan(row * set.OutputCount, set.OutputCount));
        }

        return SimulationSet.FromArrays(set.ParameterCount, set.OutputCount, set.From, set.Theta, xs);
    }

    /// <summary>A simulator whose gaps are coded.</summary>
    public static ISimulator Coded(ISimulator simulator) => simulator is IBatchSimulator batches ? new CodedBatches(batches) : new CodedSimulator(simulator);
}
