using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary>What a network of a round learns from.</summary>
/// <param name="Pairs">All in memory; null where they are read from <paramref name="Blocks"/>.</param>
/// <param name="Blocks">Null where they are in memory.</param>
/// <param name="FirstRound">How many of the pairs, which come first, have parameters from the prior; the others are of proposals.</param>
internal sealed record TrainingData(SimulationPairs? Pairs, IPairBlocks? Blocks, int FirstRound);
