using System.Text.Json.Serialization;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.training</c>.</summary>
/// <param name="WeightDecayRows">Simulations for which <paramref name="WeightDecay"/> is meant where the method chose it, see <see cref="Inference.Training.TrainingOptions.WeightDecayRows"/>; null where the study did.</param>
public sealed record TrainingSettings(int Batch, double LearningRate, string Schedule, int MaxEpochs, int Patience, double ValidationShare, double Average, double Clip,
    double WeightDecay, int WarmUp, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? WeightDecayRows = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double Dropout = 0);
