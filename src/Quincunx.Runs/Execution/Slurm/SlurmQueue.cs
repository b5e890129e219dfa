using System.ComponentModel;
using System.Globalization;

namespace Quincunx.Runs.Execution.Slurm;

/// <summary>Slurm's commands: submits job arrays, asks for their tasks, cancels them.</summary>
/// <param name="environment">Variables for the commands beside those of this process, such as SLURM_CONF.</param>
/// <param name="folder">Where the commands are; null: on the path.</param>
internal sealed class SlurmQueue(IReadOnlyDictionary<string, string> environment, string? folder = null)
{
    // Clients repeat a request for as long as MessageTimeout allows; one that takes longer than this hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Submits a script as a job array.</summary>
    /// <param name="script">Path of the batch script.</param>
    /// <param name="name">Name of the job, by which <see cref="Tasks"/> finds it again.</param>
    /// <param name="tasks">Their number; they are counted from 1.</param>
    /// <param name="atOnce">How many may run at the same time; 0 for as many as Slurm lets.</param>
    /// <param name="arguments">Those of the script.</param>
    /// <returns>Number of the array.</returns>
    /// <exception cref="SlurmException">It was not accepted, or nobody knows.</exception>
    public long Submit(string script, string name, int tasks, int atOnce, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        string array = string.Create(CultureInfo.InvariantCulture, $"1-{tasks}{(atOnce > 0 ? $"%{atOnce}" : "")}");
        string output = Run(["sbatch", "--parsable", "--job-name=" + name, "--array=" + array, script, .. arguments], cancel).Trim();
        // "12" or "12;cluster" (sbatch(1), --parsable).
        return long.TryParse(output.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long job)
            ? job
            : throw new SlurmException($"sbatch: found the answer '{output}', expected the number of a job");
    }

    /// <summary>The tasks that Slurm still knows of jobs with these names: all that wait or run, and those that ended a while ago.</summary>
    /// <exception cref="SlurmException">The controller does not answer.</exception>
    public IReadOnlyList<SlurmTask> Tasks(IReadOnlyList<string> names, CancellationToken cancel)
    {
        if (names.Count == 0)
        {
            return [];
        }

        string output = Run(["squeue", "--noheader", "--array", "--states=all", "--name=" + string.Join(',', names), "--format=%F|%K|%j|%T|%r"], cancel);
        List<SlurmTask> tasks = [];
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split('|', 5);
            if (parts.Length == 5 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long job)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                tasks.Add(new SlurmTask(job, index, parts[2], parts[3], parts[4]));
            }
        }

        return tasks;
    }

    /// <summary>What Slurm says of a task that ended, in words for a message: from the accounting, or from the controller's memory where there is none.</summary>
    public string Ending(long job, int index, CancellationToken cancel)
    {
        string task = string.Create(CultureInfo.InvariantCulture, $"{job}_{index}");
        try
        {
            string[] parts = Run(["sacct", "--noheader", "--parsable2", "--allocations", "--jobs=" + task, "--format=State,ExitCode,NodeList"], cancel)
                .Split('\n')[0].Split('|', StringSplitOptions.TrimEntries);
            if (parts.Length == 3)
            {
                return Words(parts[0], parts[1], parts[2]);
            }
        }
        catch (SlurmException)
        {
            // Most likely there is no accounting.
        }

        try
        {
            Dictionary<string, string> fields = Run(["scontrol", "--oneliner", "show", "job", task], cancel)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(f => f.Split('=', 2)).Where(f => f.Length == 2)
                .DistinctBy(f => f[0], StringComparer.Ordinal).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal);
            return Words(fields.GetValueOrDefault("JobState", ""), fields.GetValueOrDefault("ExitCode", ""), fields.GetValueOrDefault("BatchHost", ""));
        }
        catch (SlurmException)
        {
            return "Slurm no longer knows it";
        }
    }

    /// <summary>Cancels arrays; those that have ended are no error.</summary>
    /// <exception cref="SlurmException">The controller does not answer.</exception>
    public void Cancel(IReadOnlyList<long> jobs, CancellationToken cancel)
    {
        if (jobs.Count > 0)
        {
            Run(["scancel", "--quiet", .. jobs.Select(j => j.ToString(CultureInfo.InvariantCulture))], cancel);
        }
    }

    /// <summary>Cancels the jobs of a name.</summary>
    /// <inheritdoc cref="Cancel(IReadOnlyList{long}, CancellationToken)"/>
    public void Cancel(string name, CancellationToken cancel) => Run(["scancel", "--quiet", "--name=" + name], cancel);

    /// <summary>The most tasks that an array counted from 1 may have: one less than MaxArraySize, which bounds their numbers from above.</summary>
    /// <exception cref="SlurmException">The controller does not answer.</exception>
    public int MostTasks(CancellationToken cancel)
    {
        foreach (string line in Run(["scontrol", "show", "config"], cancel).Split('\n'))
        {
            string[] parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is ["MaxArraySize", var value] && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            {
                return size > 1 ? size - 1 : throw new SlurmException($"scontrol: found MaxArraySize = {size}, which switches job arrays off, expected at least 2");
            }
        }

        throw new SlurmException("scontrol: found no MaxArraySize in the configuration, expected one");
    }

    // ExitCode is "code:signal".
    private static string Words(string state, string exit, string node)
    {
        string[] numbers = exit.Split(':');
        string how = numbers is [_, not "0"] ? $" by signal {numbers[1]}" : numbers is [not "0", _] ? $" with exit code {numbers[0]}" : "";
        return $"{(state.Length == 0 ? "ended" : state)}{how}{(node.Length == 0 || node.StartsWith("None", StringComparison.Ordinal) ? "" : $" on {node}")}";
    }

    private string Run(IReadOnlyList<string> command, CancellationToken cancel)
    {
        try
        {
            (int code, string output, string error) = OtherProgram.Run([Path.Combine(folder ?? "", command[0]), .. command.Skip(1)], environment, Limit, cancel);
            return code == 0 ? output : throw new SlurmException($"{command[0]}: {Shorten(error, command[0], code)}");
        }
        catch (Win32Exception e)
        {
            throw new SlurmException($"{command[0]}: found no such program ({e.Message}), expected Slurm's commands on the path", isMissing: true);
        }
        catch (TimeoutException e)
        {
            throw new SlurmException(e.Message);
        }
    }

    private static string Shorten(string error, string program, int code)
    {
        string[] lines = [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.StartsWith(program + ": ", StringComparison.Ordinal) ? l[(program.Length + 2)..] : l)];
        return lines.Length == 0 ? $"exit code {code}" : string.Join("; ", lines.Take(3));
    }
}
