namespace Quincunx.Inference.Training;

/// <summary>What one step of training saw.</summary>
/// <param name="Loss">Mean loss of the batch, before the step.</param>
/// <param name="GradientNorm">Euclidean norm of its gradient, before clipping; NaN where the loss is not finite.</param>
public readonly record struct StepOutcome(double Loss, double GradientNorm)
{
    /// <summary>Whether the weights were changed: loss and gradient were finite.</summary>
    public bool IsTaken => double.IsFinite(GradientNorm);
}
