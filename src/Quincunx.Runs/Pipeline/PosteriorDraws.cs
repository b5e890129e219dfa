using Quincunx.Inference;
using Quincunx.Inference.Posteriors;

namespace Quincunx.Runs.Pipeline;

/// <summary>Draws at the study's observation, of which every number is finite.</summary>
internal static class PosteriorDraws
{
    /// <summary>Shape <c>[count, d]</c>.</summary>
    /// <param name="stage">Whose random stream it is.</param>
    /// <param name="facts">Told how chains went, before anything is judged; where draws are made by chains.</param>
    /// <exception cref="RunException">There are none: the sampler says why, or the network's numbers are not finite.</exception>
    public static double[] Of(StudyModel model, IPosteriorEstimator posterior, int count, string stage, CancellationToken cancel, Action<SamplingReport>? facts = null)
    {
        double[] theta = new double[count * model.Dimension];
        posterior.Sample(model.Observation, theta, model.Stream(stage));
        cancel.ThrowIfCancellationRequested();
        SamplingReport? report = posterior is SampledPosterior { Reports: [var one] } ? one : null;
        if (report is not null)
        {
            facts?.Invoke(report);
        }

        int bad = Enumerable.Range(0, count).Count(i => theta.AsSpan(i * model.Dimension, model.Dimension).ContainsAnyExceptInRange(double.MinValue, double.MaxValue));
        if (bad == 0)
        {
            return theta;
        }

        throw new RunException(report is null
            ? $"There are no draws of the posterior: {bad} of {count} have numbers that are not finite, {model.Method.WithoutDraws}"
            : $"There are no draws of the posterior. {string.Join(" ", report.Warnings)}");
    }
}
