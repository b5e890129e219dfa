using Quincunx.Numerics.Special;

namespace Quincunx.Inference.ScoreModels;

/// <summary>α(t) and σ(t) of a <see cref="NoisePath"/> with their derivatives.</summary>
internal readonly record struct NoiseSchedule(NoisePath Path)
{
    // Song et al. 2021, appendix C. The least time keeps σ above 0, where the score of a sharp density has no bound.
    private const double LeastBeta = 0.1, MostBeta = 20, LeastSigma = 0.002, MostSigma = 50, LeastTime = 1e-5;

    /// <summary>The earliest time: nearest to the parameters.</summary>
    public double First => Path is NoisePath.OptimalTransport or NoisePath.VarianceExploding ? 0 : LeastTime;

    /// <summary>φ = atan(σ / α), from 0 to at most π/2.</summary>
    public double Angle(double t)
    {
        Point at = At(t);
        return Math.Atan2(at.Sigma, at.Alpha);
    }

    public Point At(double t)
    {
        switch (Path)
        {
            case NoisePath.OptimalTransport:
                return new Point(1 - t, t, -1, 1);
            case NoisePath.VarianceExploding:
                double grown = LeastSigma * Math.Pow(MostSigma / LeastSigma, t);
                return new Point(1, grown, 0, grown * Math.Log(MostSigma / LeastSigma));
            default:
                // α = exp(-B/2) with B = ∫ β; 1 - α² without cancellation.
                double b = (LeastBeta * t) + (0.5 * (MostBeta - LeastBeta) * t * t), beta = LeastBeta + ((MostBeta - LeastBeta) * t);
                double alpha = Math.Exp(-0.5 * b), lost = -SpecialFunctions.Expm1(-b), alphaRate = -0.5 * beta * alpha;
                return Path == NoisePath.SubVariancePreserving
                    ? new Point(alpha, lost, alphaRate, beta * alpha * alpha)
                    : new Point(alpha, Math.Sqrt(lost), alphaRate, 0.5 * beta * alpha * alpha / Math.Sqrt(lost));
        }
    }

    /// <summary>A point of the path.</summary>
    public readonly record struct Point(double Alpha, double Sigma, double AlphaRate, double SigmaRate)
    {
        /// <summary>f of the diffusion dz = f z dt + g dw that has these α and σ: α' / α.</summary>
        public double Drift => AlphaRate / Alpha;

        /// <summary>g² = dσ²/dt - 2 f σ².</summary>
        public double SquaredDiffusion => 2 * Sigma * (SigmaRate - (Drift * Sigma));
    }
}
