namespace Quincunx.Inference.ScoreModels;

/// <summary>How a <see cref="ScorePosterior"/> turns noise into draws.</summary>
public enum ScoreSampler
{
    /// <summary>The probability flow, an ordinary differential equation (Song et al. 2021, arXiv:2011.13456, section 4.3): a draw is a smooth function of its noise.</summary>
    ProbabilityFlow,

    /// <summary>The reverse-time diffusion by Euler-Maruyama steps (Song et al. 2021, equation 6), the last of them without noise.</summary>
    ReverseDiffusion,

    /// <summary>Each of those steps followed by one of Langevin's, of the size of Song et al. 2021, algorithms 4 and 5.</summary>
    PredictorCorrector,
}
