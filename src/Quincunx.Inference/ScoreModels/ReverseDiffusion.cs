using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.ScoreModels;

/// <summary>Draws by the diffusion dz = (f z - g² ∇ log p) dt + g dw, run from t = 1 to the first time in equal steps (Song et al. 2021, arXiv:2011.13456).</summary>
internal sealed class ReverseDiffusion(ScoreNetwork network, NoiseSchedule schedule, ScoreSampling sampling)
{
    /// <param name="noise">Standard normal, shape <c>[d, n]</c>.</param>
    /// <param name="x">Scaled observations as columns.</param>
    /// <returns>Shape <c>[d, n]</c>.</returns>
    public Tensor Run(Tensor noise, Tensor x, Rng rng)
    {
        double first = schedule.First, step = (1 - first) / sampling.DiffusionSteps;
        NoiseSchedule.Point end = schedule.At(1);
        Tensor z = noise * Math.Sqrt((end.Alpha * end.Alpha) + (end.Sigma * end.Sigma));
        for (int i = 0; i < sampling.DiffusionSteps; i++)
        {
            // A step's memory is given back with it; only the state is carried on.
            double[] next;
            using (var scope = new TensorScope())
            {
                next = Step(z, x, 1 - (i * step), step, i == sampling.DiffusionSteps - 1, rng).ToArray();
            }

            z = Tensor.From(next, noise.Shape, noise.DType);
        }

        return z;
    }

    private Tensor Step(Tensor z, Tensor x, double t, double step, bool last, Rng rng)
    {
        NoiseSchedule.Point at = schedule.At(t);
        double squared = at.SquaredDiffusion;
        z = z - (z * (at.Drift * step)) + (Score(z, x, at) * (squared * step));
        if (last)
        {
            return z;
        }

        z += Normal(z, rng) * Math.Sqrt(squared * step);
        return sampling.Sampler == ScoreSampler.PredictorCorrector ? Correct(z, x, schedule.At(t - step), rng) : z;
    }

    // A step of 2 a (r |ε| / |score|)², norms averaged over the rows, with a = 1 - β Δt (1 where variance explodes).
    private Tensor Correct(Tensor z, Tensor x, NoiseSchedule.Point at, Rng rng)
    {
        Tensor score = Score(z, x, at), noise = Normal(z, rng);
        double ratio = sampling.CorrectorRatio * MeanNorm(noise) / MeanNorm(score);
        double alpha = 1 + (2 * at.Drift / sampling.DiffusionSteps), size = 2 * Math.Max(0, alpha) * ratio * ratio;
        return z + (score * size) + (noise * Math.Sqrt(2 * size));
    }

    // With s² = α² + σ² the expected noise is (σ z + α s u) / s², and the score is minus that over σ.
    private Tensor Score(Tensor z, Tensor x, NoiseSchedule.Point at)
    {
        double squared = (at.Alpha * at.Alpha) + (at.Sigma * at.Sigma), scale = Math.Sqrt(squared);
        Span<double> features = stackalloc double[ScoreNetwork.TimeFeatures];
        ScoreNetwork.FillTime(Math.Atan2(at.Sigma, at.Alpha), features);
        Tensor u = network.Forward(z * (1 / scale), Tensor.From(features, new Shape(ScoreNetwork.TimeFeatures, 1), z.DType), x);
        return (z * (-1 / squared)) - (u * (at.Alpha / (scale * at.Sigma)));
    }

    private static Tensor Normal(Tensor z, Rng rng)
    {
        double[] values = new double[z.Count];
        rng.FillNormal(values);
        return Tensor.From(values, z.Shape, z.DType);
    }

    private static double MeanNorm(Tensor columns) => Tensor.Sqrt(Tensor.Square(columns).Sum(axis: 0)).ToArray().Average();
}
