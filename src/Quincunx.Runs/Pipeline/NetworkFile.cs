using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Pipeline;

/// <summary>Weights and scales of a network as <c>network/round-N.npz</c>: one array a parameter, under its path.</summary>
internal static class NetworkFile
{
    public static (string Name, NpyArray Array)[] Arrays(NeuralPosterior posterior) => TensorArrays.Of(ModuleState.Export(posterior));

    /// <exception cref="ArtifactException">The file is damaged, or its arrays are not those of the study's network.</exception>
    public static NeuralPosterior Read(StudyModel model, string path) => Read(model.Bijection, model.Features, model.Network, path);

    /// <param name="features">Length of an observation; -1 for that of the file.</param>
    /// <inheritdoc cref="Read(StudyModel, string)"/>
    public static NeuralPosterior Read(SupportBijection bijection, int features, NeuralPosteriorOptions network, string path)
    {
        NamedTensors state = TensorArrays.Read(path);
        int length = features < 0 ? NpzFile.Read(path).Array("x.centre").Length : features;
        NeuralPosterior posterior = NeuralPosteriorEstimation.Untrained(bijection, length, network);
        try
        {
            ModuleState.Import(posterior, state);
        }
        catch (StateException e)
        {
            throw new ArtifactException(path, $"another network ({e.Message})", "that of the study", inner: e);
        }

        return posterior;
    }
}
