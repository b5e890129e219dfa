using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>Whether recorded parameters look like draws from the study's prior.</summary>
/// <param name="Parameter">The one whose distribution is farthest from its prior.</param>
/// <param name="PValue">Of the Kolmogorov-Smirnov test of that parameter, times the number of parameters, at most 1.</param>
public sealed record RecordedFacts(string Parameter, double PValue)
{
    // More would not make the test better at telling what matters, only at telling rounding.
    private const int MostRows = 10_000;

    internal static RecordedFacts? Of(StudyModel model)
    {
        if (model.Study.Recorded is not { } recorded)
        {
            return null;
        }

        var worst = new RecordedFacts(model.ParameterNames[0], 1);
        SimulationSet set = recorded.Set;
        double[] uniforms = new double[Math.Min(set.Count, MostRows)];
        for (int j = 0; j < model.Dimension; j++)
        {
            ParameterPrior prior = model.Study.Prior[j];
            if (prior.CreateDistribution() is not ScalarDistribution law || law is Categorical)
            {
                continue;               // whose distribution function is no uniform number
            }

            for (int row = 0; row < uniforms.Length; row++)
            {
                uniforms[row] = law.Cdf(set.Theta[(row * model.Dimension) + j]);
            }

            (double above, double below) = UniformityTest.Distances(uniforms);
            double p = 2 * Math.Min(UniformityTest.OneSidedPValue(above, uniforms.Length), UniformityTest.OneSidedPValue(below, uniforms.Length));
            worst = p * model.Dimension < worst.PValue ? new RecordedFacts(prior.Name, p * model.Dimension) : worst;
        }

        return worst;
    }
}
