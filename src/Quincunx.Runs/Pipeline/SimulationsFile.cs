using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Pipeline;

/// <summary>Reads <c>simulations/round-N.npz</c>.</summary>
internal static class SimulationsFile
{
    /// <exception cref="ArtifactException">The file is damaged or of another shape.</exception>
    public static SimulationSet Read(StudyModel model, string path)
    {
        NpzFile file = NpzFile.Read(path, "theta", "x");
        double[] theta = file.Values<double>("theta", -1, model.Dimension);
        return SimulationSet.FromArrays(
            model.Dimension, model.Features, 0, theta, file.Values<double>("x", theta.Length / model.Dimension, model.Features));
    }
}
