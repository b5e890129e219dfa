using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Pipeline.Methods;

/// <summary>What a network of a round learns from.</summary>
/// <param name="Pairs">All in memory, with what was mined behind the outputs (<see cref="StudyModel.Mined"/>); null where they are read from <paramref name="Blocks"/>.</param>
/// <param name="Blocks">Null where they are in memory.</param>
/// <param name="Rounds">The same pairs round by round; empty where they are read from <paramref name="Blocks"/>.</param>
/// <param name="Prior">What the round drew its parameters from where rounds restrict the prior; the whole prior otherwise.</param>
internal sealed record TrainingData(SimulationPairs? Pairs, IPairBlocks? Blocks, IReadOnlyList<SimulationPairs> Rounds, IDistribution Prior);
