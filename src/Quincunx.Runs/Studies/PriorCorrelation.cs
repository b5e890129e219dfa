using Quincunx.Inference.Distributions;

namespace Quincunx.Runs.Studies;

/// <summary>How some parameters of the prior go together; the others are independent of them and of each other.</summary>
/// <param name="Matrix">Correlations of the parameters' normal scores, shape <c>[n, n]</c>, row-major; see <see cref="GaussianCopula"/>.</param>
public sealed record PriorCorrelation(IReadOnlyList<string> Parameters, IReadOnlyList<double> Matrix)
{
    /// <summary>The joint distribution of all parameters.</summary>
    /// <exception cref="ArgumentException">The matrix is no correlation; a loaded study has none such.</exception>
    internal IDistribution Join(IReadOnlyList<ParameterPrior> prior)
    {
        int d = prior.Count, n = Parameters.Count;
        double[] all = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            all[(i * d) + i] = 1;
        }

        int[] places = [.. Parameters.Select(name => prior.ToList().FindIndex(p => p.Name == name))];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                all[(places[i] * d) + places[j]] = Matrix[(i * n) + j];
            }
        }

        return new GaussianCopula([.. prior.Select(p => (ScalarDistribution)p.CreateDistribution())], all);
    }
}
