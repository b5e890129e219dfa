namespace Quincunx.Inference.Training;

/// <summary>How the learning rate changes while training runs.</summary>
public enum RateSchedule
{
    /// <summary>Constant after the warm-up.</summary>
    Constant,

    /// <summary>Half a cosine down to <see cref="TrainingOptions.FinalRateFraction"/> of the rate at the last step of the budget.</summary>
    Cosine,

    /// <summary>Lowered by <see cref="TrainingOptions.PlateauFactor"/> when the validation loss stops improving.</summary>
    Plateau,
}
