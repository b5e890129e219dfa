using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Onnx;
using Quincunx.Tests.Inference.Embeddings;

namespace Quincunx.Tests.Runs.Onnx;

/// <summary>Posteriors through every kind of embedding, with a number of context and with gaps.</summary>
public sealed class EmbeddingExportTests
{
    public static TheoryData<string> Names => EmbeddingCases.Names;

    [Theory, MemberData(nameof(Names))]
    public void Of_TrainedPosterior_IsTheSameOperationByOperationAndGivesItsDensities(string name)
    {
        NeuralPosterior posterior = EmbeddingTests.Trained(EmbeddingTests.Network(name), gaps: true, each: 1);
        OnnxPort[] inputs = PosteriorExport.Inputs(posterior, PosteriorExport.Theta);
        using (Recording.Pause pause = Recording.Off())
        {
            (_, int compared) = OnnxComparison.OperationByOperation("posterior", inputs, batch => Pairs(batch, posterior), x => [posterior.LogProb(x[0], x[1])], 3e-5, posterior);
            Assert.True(compared > 40, $"{compared} operations");
        }

        OnnxModel model = OnnxModel.Parse(PosteriorExport.Of(posterior, EmbeddingTests.Prior.Names).ToBytes(), "memory");
        Assert.InRange(PosteriorExport.LargestDifference(model, posterior, 50, new Rng(3)), 0, 3e-5);
        (double[] thetas, double[] xs) = EmbeddingTests.Pairs(7, gaps: true, each: 1);
        double[] logs = new double[7];
        posterior.LogProbPairs(thetas, xs, logs);
        var given = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal)
        {
            [PosteriorExport.Theta] = new(OnnxType.Float64, [7, 2], thetas),
            [PosteriorExport.Observation] = new(OnnxType.Float64, [7, posterior.Features], xs),
        };
        OnnxComparison.AssertClose(new OnnxTensor(OnnxType.Float64, [7], logs), model.Evaluate(given)[PosteriorExport.LogProb], 3e-5, name);
    }

    private static Tensor[] Pairs(int batch, NeuralPosterior posterior)
    {
        (double[] thetas, double[] xs) = EmbeddingTests.Pairs(batch, gaps: true, each: 1);
        return [Tensor.From(thetas, new Shape(batch, posterior.Dimension)), Tensor.From(xs, new Shape(batch, posterior.Features))];
    }
}
