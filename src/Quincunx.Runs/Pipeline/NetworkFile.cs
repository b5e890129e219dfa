using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Pipeline;

/// <summary>Weights and scales of a network as <c>network/round-N.npz</c>: one array a parameter, under its path.</summary>
internal static class NetworkFile
{
    public static (string Name, NpyArray Array)[] Arrays(Methods.InferenceMethod method, Methods.Estimate estimate) =>
        [.. TensorArrays.Of(ModuleState.Export(estimate.Network)), .. TensorArrays.Of(method.Own(estimate))];

    /// <exception cref="ArtifactException">The file is damaged, or its arrays are not those of the study's network.</exception>
    public static IPosteriorEstimator Read(StudyModel model, string path) => Estimate(model, path).Posterior;

    /// <summary>The network with its posterior.</summary>
    /// <inheritdoc cref="Read(StudyModel, string)"/>
    public static Methods.Estimate Estimate(StudyModel model, string path)
    {
        NamedTensors state = TensorArrays.Read(path);
        Methods.Estimate estimate = model.Method.Untrained(model, state);
        var own = model.Method.Own(estimate).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var weights = new NamedTensors();
        foreach ((string name, Tensor tensor) in state.Where(t => !own.Contains(t.Key)))
        {
            weights.Add(name, tensor);
        }

        Import(estimate.Network, weights, path);
        return estimate;
    }

    /// <summary>A flow that is a posterior, without its study.</summary>
    /// <inheritdoc cref="Read(StudyModel, string)"/>
    public static NeuralPosterior Read(SupportBijection bijection, NeuralPosteriorOptions network, string path)
    {
        NeuralPosterior posterior = NeuralPosteriorEstimation.Untrained(bijection, NpzFile.Read(path).Array("x.centre").Length, network);
        Import(posterior, TensorArrays.Read(path), path);
        return posterior;
    }

    private static void Import(IModule network, NamedTensors state, string path)
    {
        try
        {
            ModuleState.Import(network, state);
        }
        catch (StateException e)
        {
            throw new ArtifactException(path, $"another network ({e.Message})", "that of the study", inner: e);
        }
    }
}
