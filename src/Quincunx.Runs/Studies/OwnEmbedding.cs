using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Studies;

/// <summary>Tries whether an embedding of a study's own does what one has to, before anything is simulated.</summary>
internal static class OwnEmbedding
{
    private const int Rows = 3;

    // Float32 summaries of the same row, made in a batch and alone.
    private const double Rounding = 1e-4;

    /// <param name="features">Numbers of an observation that it sees.</param>
    /// <param name="hasGaps">Whether some may be missing.</param>
    /// <returns>What it does ("throws …") and what was expected of it; null if all is well.</returns>
    public static (string Found, string Expected)? Fault(EmbeddingOptions options, int features, bool hasGaps)
    {
        if (options.Outputs < 1)
        {
            return ($"has {options.Outputs} Outputs", "at least 1");
        }

        try
        {
            if (options.ScaleGroups(features) is { } groups && groups.Count != features)
            {
                return ($"has groups of scales for {groups.Count} numbers", $"a group for each of {features}");
            }

            using Recording.Pause pause = Recording.Off();
            IEmbedding network = options.Create(new EmbeddingInput(features, hasGaps), new Rng(0));
            _ = ModuleState.Export(network);            // names of its parameters
            double[] numbers = new double[Rows * features];
            new Rng(1).FillNormal(numbers);
            double[] whole = Summaries(network, numbers, out Shape shape), last = Summaries(network, numbers[^features..], out _);
            if (shape.Rank != 2 || shape[0] != Rows || shape[1] != options.Outputs)
            {
                return ($"makes summaries of shape {shape}", $"[{Rows}, {options.Outputs}] of {Rows} rows, by its Outputs");
            }

            for (int i = 0; i < options.Outputs; i++)
            {
                double batch = whole[((Rows - 1) * options.Outputs) + i], alone = last[i];
                if (!double.IsFinite(batch))
                {
                    return ($"makes a summary that is not finite ({batch})", "finite ones of finite numbers");
                }

                if (!(Math.Abs(batch - alone) <= Rounding * (1 + Math.Abs(batch))))
                {
                    return ($"makes another summary of a row that is alone ({alone}) than of the same row among others ({batch})", "a function of each row by itself");
                }
            }

            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return ($"throws {e.GetType().Name} ({e.Message.TrimEnd('.')})", "a network");             // of somebody's code: whatever it throws
        }

        double[] Summaries(IEmbedding network, double[] numbers, out Shape shape)
        {
            var x = Tensor.From(numbers, new Shape(numbers.Length / features, features), DType.Float32);
            Tensor summaries = network.Forward(x, hasGaps ? Tensor.Equal(x, x) : null);
            shape = summaries.Shape;
            return summaries.To(DType.Float64).ToArray();
        }
    }
}
