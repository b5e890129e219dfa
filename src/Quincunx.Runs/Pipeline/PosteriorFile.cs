using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>The reported posterior: <c>posterior.csv</c> and <c>posterior.npz</c>.</summary>
internal static class PosteriorFile
{
    /// <param name="theta">Shape <c>[n, d]</c>.</param>
    /// <param name="weights">Shape <c>[n]</c>, mean 1.</param>
    public static void Write(StageContext context, StudyModel model, double[] theta, double[] weights)
    {
        int n = weights.Length, d = model.Dimension;
        double[] table = new double[n * (d + 1)];
        for (int row = 0; row < n; row++)
        {
            theta.AsSpan(row * d, d).CopyTo(table.AsSpan(row * (d + 1)));
            table[(row * (d + 1)) + d] = weights[row];
        }

        context.WriteCsv(RunFiles.PosteriorCsv, "the posterior", [.. model.ParameterNames, "weight"], table);
        List<(string, NpyArray)> arrays = [];
        for (int i = 0; i < d; i++)
        {
            double[] column = new double[n];
            for (int row = 0; row < n; row++)
            {
                column[row] = theta[(row * d) + i];
            }

            arrays.Add((model.ParameterNames[i], NpyArray.Of(column)));
        }

        arrays.Add(("weight", NpyArray.Of(weights)));
        context.WriteNpz(RunFiles.PosteriorNpz, "the posterior", [.. arrays]);
    }

    /// <exception cref="ArtifactException">The file is damaged.</exception>
    public static (double[] Theta, double[] Weights) Read(StudyModel model, string path)
    {
        NpzFile file = NpzFile.Read(path);
        double[] weights = file.Values<double>("weight", -1);
        int n = weights.Length, d = model.Dimension;
        double[] theta = new double[n * d];
        for (int i = 0; i < d; i++)
        {
            double[] column = file.Values<double>(model.ParameterNames[i], n);
            for (int row = 0; row < n; row++)
            {
                theta[(row * d) + i] = column[row];
            }
        }

        return (theta, weights);
    }
}
