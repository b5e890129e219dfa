namespace Quincunx.Inference.Fresh;

/// <summary>How training on an endless stream ended.</summary>
public enum FreshStop
{
    /// <summary>There is a trained network; why its training ended says <see cref="Training.TrainingResult.StopReason"/>.</summary>
    Trained,

    /// <summary>At most one in a hundred of the first simulations succeeded: there is nothing to learn from.</summary>
    SimulationsFail,

    /// <summary>The caller cancelled before the first simulations were made.</summary>
    Cancelled,
}
