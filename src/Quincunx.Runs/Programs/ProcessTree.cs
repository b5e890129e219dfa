using System.Diagnostics;
using System.Globalization;

namespace Quincunx.Runs.Programs;

/// <summary>A process and all that it started.</summary>
internal static class ProcessTree
{
    private const int MostProcesses = 1000;

    /// <summary>Resident memory in bytes; where the system does not tell of children, that of the process alone. 0 if it has ended.</summary>
    public static long Memory(Process process)
    {
        try
        {
            long sum = 0;
            foreach (int id in Members(process.Id))
            {
                sum += Resident(id);
            }

            if (sum > 0)
            {
                return sum;
            }

            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private static List<int> Members(int root)
    {
        List<int> members = [root];
        for (int i = 0; i < members.Count && members.Count < MostProcesses; i++)
        {
            // Linux tells the children of each thread.
            string tasks = $"/proc/{members[i].ToString(CultureInfo.InvariantCulture)}/task";
            foreach (string task in Directory.Exists(tasks) ? Directory.EnumerateDirectories(tasks) : [])
            {
                foreach (string child in Text(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    members.Add(int.Parse(child, CultureInfo.InvariantCulture));
                }
            }
        }

        return members;
    }

    // Second number of statm: resident pages.
    private static long Resident(int id) =>
        Text($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/statm").Split(' ') is [_, var pages, ..] && long.TryParse(pages, CultureInfo.InvariantCulture, out long count)
            ? count * Environment.SystemPageSize
            : 0;

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";              // it has ended meanwhile
        }
    }
}
