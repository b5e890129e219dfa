namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.ensemble</c>: several networks, whose mixture is the posterior.</summary>
/// <param name="Bootstrapped">Whether each learns from its own draw of the simulations with replacement.</param>
/// <param name="Batched">Whether they take each step together; a matter of time alone.</param>
public sealed record EnsembleSettings(int Members, bool Bootstrapped, bool Batched);
