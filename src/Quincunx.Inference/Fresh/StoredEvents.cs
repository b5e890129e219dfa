using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Simulations that are there before training begins: they are its first epoch, and the stream goes on after them.</summary>
/// <param name="Pairs">Of events 0 to <paramref name="Events"/> (excluded) of the prior, those that succeeded.</param>
/// <param name="Events">Number of the first event that is not among them.</param>
/// <param name="Stream">Event i is a function of this and i, as <see cref="SimulationRunner"/> makes it; not advanced.</param>
public sealed record StoredEvents(SimulationPairs Pairs, long Events, Rng Stream);
