using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.ScoreModels;

/// <summary>Noised parameters and what a network is to make of them, for a number of pairs.</summary>
internal sealed class ScoreBatch
{
    private readonly int _d;
    private readonly Parameter _z, _y, _target, _time, _weight, _x;

    /// <param name="rows">Pairs.</param>
    /// <param name="d">Parameters of one.</param>
    /// <param name="k">Length of an observation.</param>
    public ScoreBatch(int rows, int d, int k)
    {
        _d = d;
        _z = Input(rows, d);
        _x = Input(rows, k);
        (_y, _target, _time, _weight) = (Input(d, rows), Input(d, rows), Input(ScoreNetwork.TimeFeatures, rows), Input(1, rows));

        static Parameter Input(int rows, int columns) => new(Tensor.Zeros(new Shape(rows, columns)), isTrained: false);
    }

    /// <summary>Draws times and noise. Times are one uniform number and equal distances from it, which leaves each uniform and the mean over the batch with less noise
    /// (Kingma et al. 2021, arXiv:2107.00630, appendix I.1).</summary>
    public void Fill(ScaledPairs pairs, ReadOnlySpan<int> rows, NoiseLaw law, Rng rng)
    {
        pairs.CopyTheta(rows, _z.Value);
        pairs.CopyX(rows, _x.Value);
        int n = rows.Length;
        Span<float> y = _y.Value.Writable<float>(), target = _target.Value.Writable<float>(), time = _time.Value.Writable<float>(), weight = _weight.Value.Writable<float>();
        ReadOnlySpan<float> z = _z.Value.AsSpan<float>();
        Span<double> features = stackalloc double[ScoreNetwork.TimeFeatures];
        double offset = rng.NextDouble();
        for (int i = 0; i < n; i++)
        {
            double uniform = offset + ((double)i / n);
            (double angle, double share) = law.At(uniform - Math.Floor(uniform));
            (double sin, double cos) = Math.SinCos(angle);
            ScoreNetwork.FillTime(angle, features);
            for (int j = 0; j < features.Length; j++)
            {
                time[(j * n) + i] = (float)features[j];
            }

            weight[i] = (float)share;
            for (int j = 0; j < _d; j++)
            {
                double noise = rng.NextNormal(), value = z[(i * _d) + j];
                y[(j * n) + i] = (float)((cos * value) + (sin * noise));
                target[(j * n) + i] = (float)((cos * noise) - (sin * value));
            }
        }
    }

    /// <summary>The sum over rows of the weighted squared distance of what the network gives from its target.</summary>
    public Tensor Loss(ScorePosterior posterior) => Loss(posterior.Network, _y.Value, _time.Value, posterior.Context(_x.Value), _target.Value, _weight.Value);

    /// <summary>The same of any columns.</summary>
    public static Tensor Loss(ScoreNetwork network, Tensor y, Tensor time, Tensor x, Tensor target, Tensor weight) =>
        (Tensor.Square(network.Forward(y, time, x) - target) * weight).Sum();
}
