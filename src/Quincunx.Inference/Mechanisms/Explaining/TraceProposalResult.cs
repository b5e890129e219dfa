using Quincunx.Inference.Training;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>A trained proposal and how training went.</summary>
/// <param name="Proposal">With the best weights of the run, whatever its <see cref="TrainingResult.StopReason"/>.</param>
/// <param name="LeftOut">Choices of the simulated events at sites that were too rare to be learned.</param>
public sealed record TraceProposalResult(TraceProposal Proposal, TrainingResult Training, long LeftOut);
