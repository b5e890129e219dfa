using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Execution.Slurm;

/// <summary>One campaign under way: looks at files and queue in turn, and submits what nobody makes.</summary>
internal sealed class SlurmCampaign
{
    // A file that a node has written shows on another one after a while, on NFS up to a minute.
    private static readonly TimeSpan FilesAppear = TimeSpan.FromSeconds(65);

    private readonly ExecutionSettings _settings;
    private readonly SlurmQueue _queue;
    private readonly CampaignWork _work;
    private readonly ShardFolder _folder;
    private readonly ShardScript _script;
    private readonly ShardAttempts _attempts;
    private readonly Dictionary<string, Dictionary<int, SlurmTask>> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alive = new(StringComparer.Ordinal);     // names whose tasks this process has seen or made: only their losses count
    private readonly Dictionary<int, long> _done = [];                          // when a task that says it is done was first seen without its file
    private readonly TimeProvider _clock;
    private SlurmRecord _record;
    private int _refused;
    private string? _lastProblem;

    public SlurmCampaign(ExecutionSettings settings, WorkerCommand command, SlurmQueue queue, CampaignWork work, ShardFolder folder, SlurmRecord record)
    {
        (_settings, _queue, _work, _folder, _record, _clock) = (settings, queue, work, folder, record, work.Model.Clock);
        _script = new ShardScript(settings, command, work, folder);
        _attempts = new ShardAttempts(folder, settings.Attempts);
    }

    public void Make(CancellationToken cancel)
    {
        _script.WriteShard();
        string script = _script.WriteSlurm();
        try
        {
            while (true)
            {
                bool known = Look(cancel);
                _folder.Gather();
                IReadOnlyList<int> missing = _folder.Missing();
                if (missing.Count == 0)
                {
                    LetEnd(cancel);
                    return;
                }

                if (known)
                {
                    IReadOnlyList<int> orphans = [.. missing.Where(shard => !IsMade(shard, cancel))];
                    if (orphans.Count > 0)
                    {
                        Submit(script, orphans, cancel);
                    }
                }

                Report();
                cancel.WaitHandle.WaitOne(_settings.Poll);
                cancel.ThrowIfCancellationRequested();
            }
        }
        catch
        {
            _record.Cancel(_queue, _work.Context.Warn);
            throw;
        }
    }

    // A task that has left its shard takes a moment to end, and should not be booked as cancelled; one that makes a shard that is there by now would take longer.
    private void LetEnd(CancellationToken cancel)
    {
        for (int look = 0; look < 20; look++)
        {
            if (Look(cancel) && !_tasks.Values.SelectMany(t => t.Values).Any(t => t.IsLive))
            {
                return;
            }

            cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250));
        }

        _record.Cancel(_queue, _work.Context.Warn);
    }

    // Asks Slurm for the tasks of all submissions; false where it does not answer, and then nothing is known.
    private bool Look(CancellationToken cancel)
    {
        IReadOnlyList<SlurmTask> tasks;
        try
        {
            tasks = _queue.Tasks([.. _record.Submissions.Select(s => s.Name)], cancel);
        }
        catch (SlurmException e)
        {
            Note(e);
            return false;
        }

        _tasks.Clear();
        foreach (IGrouping<string, SlurmTask> job in tasks.GroupBy(t => t.Name, StringComparer.Ordinal))
        {
            _tasks[job.Key] = job.DistinctBy(t => t.Index).ToDictionary(t => t.Index);
            if (job.Any(t => t.IsLive))
            {
                _alive.Add(job.Key);
            }
        }

        // The answer to a submission may have been lost with the process that waited for it.
        List<SlurmSubmission> submissions = [.. _record.Submissions.Where(s => s.Job > 0 || _tasks.ContainsKey(s.Name)).Select(s => s.Job > 0 ? s : s with { Job = _tasks[s.Name].Values.First().Job })];
        if (!submissions.SequenceEqual(_record.Submissions))
        {
            Save(submissions);
        }

        _lastProblem = null;
        return true;
    }

    // Whether somebody is at work on a shard, or may have left it where it does not show yet.
    private bool IsMade(int shard, CancellationToken cancel)
    {
        SlurmSubmission? last = _record.Submissions.LastOrDefault(s => s.Shards.Contains(shard));
        if (last is null)
        {
            return false;
        }

        int index = last.Shards.ToList().IndexOf(shard) + 1;
        SlurmTask? task = _tasks.GetValueOrDefault(last.Name) is { } tasks && tasks.TryGetValue(index, out SlurmTask found) ? found : null;
        if (task is { IsLive: true })
        {
            return true;
        }

        if (task is { State: "COMPLETED" })
        {
            _done.TryAdd(shard, _clock.GetTimestamp());
            if (_clock.GetElapsedTime(_done[shard]) < FilesAppear)
            {
                return true;
            }
        }

        _done.Remove(shard);
        Forget(last, shard);
        if (_alive.Contains(last.Name))
        {
            string log = Path.Combine(_folder.Logs, string.Create(CultureInfo.InvariantCulture, $"{last.Job}_{index}.log"));
            _attempts.Lost(shard, $"(task {last.Job}_{index} of Slurm) ended: {_queue.Ending(last.Job, index, cancel)}", ShardFolder.TailOf(log));
        }

        return false;
    }

    // The task's place stays, so that those of the others do; a loss is counted once.
    private void Forget(SlurmSubmission submission, int shard) => Save([.. _record.Submissions
        .Select(s => s.Name == submission.Name ? s with { Shards = [.. s.Shards.Select(i => i == shard ? 0 : i)] } : s)
        .Where(s => s.Shards.Any(i => i > 0))]);

    private void Submit(string script, IReadOnlyList<int> shards, CancellationToken cancel)
    {
        string name = NewName();
        SlurmSubmission? submission = null;
        try
        {
            int most = _queue.MostTasks(cancel);
            submission = new SlurmSubmission(name, Job: 0, [.. shards.Take(most)]);
            string list = _script.WriteList($"{name}.txt", submission.Shards);
            Save([.. _record.Submissions, submission]);
            long job = _queue.Submit(script, name, submission.Shards.Count, _settings.AtOnce, [list], CancellationToken.None);    // its answer is waited for, so that the job can be cancelled
            Save([.. _record.Submissions.Select(s => s.Name == name ? s with { Job = job } : s)]);
            _alive.Add(name);
            _refused = 0;
        }
        catch (SlurmException e)
        {
            // Where others are at work the queue may just be full, and empties.
            bool others = _tasks.Values.SelectMany(t => t.Values).Any(t => t.IsLive);
            if (e.IsMissing || (++_refused >= _settings.Attempts && !others))
            {
                throw new RunException($"The simulations could not be submitted to Slurm: {e.Message}.", e);
            }

            Note(e);
        }
    }

    private void Report()
    {
        SlurmTask[] live = [.. _tasks.Values.SelectMany(t => t.Values).Where(t => t.IsLive)];
        int waiting = live.Count(t => t.IsWaiting);
        string reasons = string.Join(", ", live.Where(t => t.IsWaiting && t.Reason is not ("None" or "Priority" or "Resources")).Select(t => t.Reason).Distinct(StringComparer.Ordinal).Take(3));
        _work.Report($"{live.Length - waiting} jobs at work, {waiting} waiting{(reasons.Length > 0 ? $" ({reasons})" : "")}");
    }

    // Once for each problem, not at every look.
    private void Note(SlurmException e)
    {
        if (e.IsMissing)
        {
            throw new RunException($"The engine slurm cannot be used here: {e.Message}.", e);
        }

        if (_lastProblem != e.Message)
        {
            _work.Context.Warn($"{e.Message}. It is asked again every {_settings.Poll.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
            _lastProblem = e.Message;
        }
    }

    private void Save(IReadOnlyList<SlurmSubmission> submissions)
    {
        _record = _record with { Submissions = submissions };
        _record.Write(_folder.Path);
    }

    // Of folder, moment and process: no other submission has it, of this run, of one in a folder that was removed, or of another user.
    private string NewName()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{_folder.Path} {_work.Model.Clock.GetUtcNow().Ticks} {Environment.MachineName} {Environment.ProcessId} {_record.Submissions.Count}");
        return "quincunx-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
