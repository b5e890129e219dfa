using Quincunx.Inference.Training;

namespace Quincunx.Inference.Ensembles;

/// <summary>An ensemble and how its members were trained.</summary>
/// <param name="Posterior">Of the members that are used; with none of them left its draws and densities are NaN.</param>
/// <param name="Members">All of them, in order.</param>
public sealed record EnsembleResult(PosteriorEnsemble Posterior, IReadOnlyList<EnsembleMember> Members)
{
    /// <summary>Cancelled where a member was; diverged where none is used; else that of the used member that took the most steps.</summary>
    public StopReason StopReason =>
        Members.Any(m => m.Training.StopReason == StopReason.Cancelled) ? StopReason.Cancelled
        : Members.Where(m => m.IsUsed).MaxBy(m => m.Training.Steps) is EnsembleMember longest ? longest.Training.StopReason
        : StopReason.Diverged;

    /// <summary>What is wrong, with what may help; empty where nothing is known to be.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            int[] diverged = [.. Members.Select((m, i) => (m, i)).Where(p => p.m.Training.StopReason == StopReason.Diverged).Select(p => p.i)];
            List<string> warnings = [];
            if (diverged.Length > 0)
            {
                warnings.Add($"Training diverged for members {string.Join(", ", diverged)} of {Members.Count}, which are left out: lower the learning rate, or look for extreme simulations.");
            }

            int unfinished = Members.Count(m => m.Training.StopReason == StopReason.Cancelled);
            if (unfinished > 0)
            {
                warnings.Add($"{unfinished} of {Members.Count} members were cancelled; those that had finished an epoch are used as they were: train again with more time, or with fewer members.");
            }

            return warnings;
        }
    }
}
