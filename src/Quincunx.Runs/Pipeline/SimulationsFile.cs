using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Shards;

namespace Quincunx.Runs.Pipeline;

/// <summary>Reads <c>simulations/round-N.npz</c>, or the shards in <c>simulations/round-N</c>.</summary>
internal static class SimulationsFile
{
    /// <summary>The shards of an index.</summary>
    /// <exception cref="ArtifactException">The index is damaged or of other parameters and outputs, or a shard is missing or of another length.</exception>
    public static ShardSet ReadShards(StudyModel model, string path)
    {
        var shards = ShardSet.Open(path);
        return shards.Index.Parameters.SequenceEqual(model.ParameterNames, StringComparer.Ordinal) && shards.Index.Outputs.SequenceEqual(model.Study.Simulator.OutputNames, StringComparer.Ordinal)
            ? shards
            : throw new ArtifactException(
                path, $"simulations of {shards.ParameterCount} parameters and {shards.OutputCount} outputs with other names", $"those of {model.Study.SimulatorName}: {model.Dimension} and {model.Features}");
    }

    /// <summary>The first simulations that succeeded, at most so many.</summary>
    /// <exception cref="ArtifactException">The files are damaged or of another shape.</exception>
    public static SimulationPairs First(StudyModel model, int round, Func<string, string> path, int rows)
    {
        string input = path(model.SimulationInput(round));
        if (model.IsSharded(round))
        {
            return ReadShards(model, input).First(rows);
        }

        SimulationPairs all = Read(model, input).Successful();
        int n = Math.Min(rows, all.Count);
        return new SimulationPairs(all.Theta[..(n * model.Dimension)], all.X[..(n * model.Features)], n, all.Excluded);
    }

    /// <exception cref="ArtifactException">The file is damaged or of another shape.</exception>
    public static SimulationSet Read(StudyModel model, string path)
    {
        NpzFile file = NpzFile.Read(path, "theta", "x");
        double[] theta = file.Values<double>("theta", -1, model.Dimension);
        return SimulationSet.FromArrays(
            model.Dimension, model.Features, 0, theta, file.Values<double>("x", theta.Length / model.Dimension, model.Features));
    }
}
