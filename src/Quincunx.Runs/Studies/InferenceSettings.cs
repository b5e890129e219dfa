namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference</c>.</summary>
/// <param name="Simulations">Training budget of each round.</param>
/// <param name="Truncation">Posterior mass that each truncation may cut off.</param>
/// <param name="Embedding">Null: the flow sees the data themselves.</param>
public sealed record InferenceSettings(
    string Method, int Simulations, int Rounds, double Truncation, FlowSettings Flow, EmbeddingSettings? Embedding, TrainingSettings Training);
