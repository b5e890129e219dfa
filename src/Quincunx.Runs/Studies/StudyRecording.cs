using Quincunx.Inference.Simulation;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Studies;

/// <summary>Simulations that were made elsewhere, in place of a simulator.</summary>
public sealed class StudyRecording
{
    internal StudyRecording(StudyInput input, IReadOnlyList<string> parameters, SimulationSet file, SimulationSet set, int heldOut) =>
        (Input, Parameters, File, Set, HeldOut) = (input, parameters, file, set, heldOut);

    /// <summary>The file.</summary>
    public StudyInput Input { get; }

    /// <summary>Simulations in it, failed ones included.</summary>
    public int Count => Set.Count;

    /// <summary>The last so many of them are not trained on: calibration is checked on them.</summary>
    public int HeldOut { get; }

    /// <summary>The order of theta in the file.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The simulations as the file has them.</summary>
    internal SimulationSet File { get; }

    /// <summary>The simulations, with theta in the study's order.</summary>
    internal SimulationSet Set { get; }

    /// <summary>Those that are not trained on.</summary>
    internal SimulationSet Last()
    {
        int from = Count - HeldOut;
        return SimulationSet.FromArrays(Set.ParameterCount, Set.OutputCount, from, Set.Theta[(from * Set.ParameterCount)..], Set.X[(from * Set.OutputCount)..]);
    }

    /// <summary>The rows as the file has them, theta before x.</summary>
    internal double[] Rows()
    {
        int d = File.ParameterCount, k = File.OutputCount;
        double[] rows = new double[Count * (long)(d + k)];
        for (int row = 0; row < Count; row++)
        {
            File.Theta.AsSpan(row * d, d).CopyTo(rows.AsSpan(row * (d + k)));
            File.X.AsSpan(row * k, k).CopyTo(rows.AsSpan((row * (d + k)) + d));
        }

        return rows;
    }

    internal void AddTo(InputHash hash)
    {
        hash.Add("recorded", Input.Fingerprint.Sha256).Add("order", Parameters);
    }
}
