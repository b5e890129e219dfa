using System.Globalization;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Execution.Slurm;

/// <summary>Contents of <c>jobs.json</c>: what was submitted for a campaign, so that a run that was killed follows its jobs again.</summary>
/// <param name="Format">Version of this file.</param>
/// <param name="Count">How many shards the campaign was cut into.</param>
/// <param name="Submissions">In order.</param>
internal sealed record SlurmRecord(int Format, int Count, IReadOnlyList<SlurmSubmission> Submissions)
{
    public const string FileName = "jobs.json";
    private const int CurrentFormat = 1;

    public static SlurmRecord Empty(int count) => new(CurrentFormat, count, []);

    /// <summary>The record in a folder; an empty one where there is none that fits.</summary>
    /// <param name="count">Shards into which the campaign is cut now.</param>
    public static SlurmRecord Read(string folder, int count, Action<string> warn)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            SlurmRecord record = File.Exists(path) ? JsonArtifact.Read<SlurmRecord>(path) : Empty(count);
            return record.Format == CurrentFormat ? record : throw new ArtifactException(path, $"format {record.Format}", $"format {CurrentFormat}");
        }
        catch (ArtifactException e)
        {
            warn($"{e.Message} What was submitted before is not known: shards may be made twice, which does no harm.");
            return Empty(count);
        }
    }

    /// <summary>Cancels all that was submitted; what has ended is no error.</summary>
    public void Cancel(SlurmQueue queue, Action<string> warn)
    {
        try
        {
            queue.Cancel([.. Submissions.Where(s => s.Job > 0).Select(s => s.Job)], CancellationToken.None);
            foreach (SlurmSubmission unknown in Submissions.Where(s => s.Job == 0))
            {
                queue.Cancel(unknown.Name, CancellationToken.None);
            }
        }
        catch (SlurmException e)
        {
            warn($"Slurm's jobs {string.Join(", ", Submissions.Select(s => s.Job > 0 ? s.Job.ToString(CultureInfo.InvariantCulture) : s.Name))} may still be at work and could not be cancelled: {e.Message}.");
        }
    }

    public void Write(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), "a record of jobs", stream => JsonArtifact.Write(stream, this));
}
