namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.training</c>.</summary>
public sealed record TrainingSettings(int Batch, double LearningRate, string Schedule, int MaxEpochs, int Patience, double ValidationShare, double Average, double Clip,
    double WeightDecay, int WarmUp);
