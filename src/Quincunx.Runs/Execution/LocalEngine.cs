using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Execution;

/// <summary>Makes simulations in other processes of this machine, a shard each.</summary>
/// <remarks>They end when their standard input does, so that none outlives this one however it ends; what they have done is kept beside their shards.</remarks>
internal sealed class LocalEngine(ExecutionSettings settings, WorkerCommand command) : IEngine
{
    /// <summary>The option that makes a worker end with its standard input.</summary>
    public const string Leash = "--until-input-ends";

    // A worker that saves its work takes a moment; one that does not end by then is killed.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public void Make(CampaignWork work, CancellationToken cancel)
    {
        int workers = settings.Workers > 0 ? settings.Workers : Environment.ProcessorCount;
        var folder = new ShardFolder(work, ShardFolder.ShardsOf(work.Campaign, settings.Shards, 8 * workers));
        folder.Create();
        folder.Gather();
        var attempts = new ShardAttempts(folder, settings.Attempts);
        var waiting = new Queue<int>(folder.Missing());
        List<Worker> running = [];
        try
        {
            while (waiting.Count > 0 || running.Count > 0)
            {
                while (running.Count < workers && waiting.TryDequeue(out int shard))
                {
                    running.Add(Start(work, folder, shard, workers));
                }

                Task.WaitAny([.. running.Select(w => w.Ended)], cancel);
                foreach (Worker ended in running.Where(w => w.HasEnded).ToList())
                {
                    running.Remove(ended);
                    using (ended)
                    {
                        folder.Gather();
                        if (folder.Missing().Contains(ended.Shard))
                        {
                            attempts.Lost(ended.Shard, $"ended with exit code {ended.ExitCode}", ended.Tail());
                            waiting.Enqueue(ended.Shard);
                        }
                    }
                }
            }
        }
        finally
        {
            running.ForEach(w => w.LetGo());
            running.ForEach(w => w.End(Farewell));
        }
    }

    private Worker Start(CampaignWork work, ShardFolder folder, int shard, int workers)
    {
        IReadOnlyList<string> words = [.. command.Simulate(new ShardNumber(shard, folder.Shards).ToString(), work.Round, work.RunFolder, folder.Path), Leash];
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // The variable of the runtime that says how many processors a process may take itself to have: together the workers keep all busy.
        start.Environment["DOTNET_PROCESSOR_COUNT"] = Math.Max(1, Environment.ProcessorCount / workers).ToString(CultureInfo.InvariantCulture);
        try
        {
            return new Worker(shard, Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new RunException($"The process of a shard could not be started: {words[0]}: {e.Message}", e);
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly Process _process;
        private readonly Queue<string> _lines = [];
        private readonly CountdownEvent _open = new(2);         // output and error
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Worker(int shard, Process process)
        {
            (Shard, _process) = (shard, process);
            process.OutputDataReceived += (_, e) => Keep(e.Data);
            process.ErrorDataReceived += (_, e) => Keep(e.Data);
            process.EnableRaisingEvents = true;
            process.Exited += (_, _) => _ended.TrySetResult();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.HasExited)
            {
                _ended.TrySetResult();          // before the event was there
            }
        }

        public int Shard { get; }

        public Task Ended => _ended.Task;

        public bool HasEnded => _process.HasExited;

        public int ExitCode => _process.ExitCode;

        public string Tail()
        {
            _open.Wait(TimeSpan.FromSeconds(1));                // the last of its lines may be on their way
            lock (_lines)
            {
                return ShardFolder.Tail(_lines);
            }
        }

        public void LetGo()
        {
            try
            {
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        public void End(TimeSpan patience)
        {
            if (!_process.WaitForExit(patience))
            {
                try
                {
                    _process.Kill(entireProcessTree: true);
                }
                catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
                {
                    // It has just ended.
                }

                _process.WaitForExit(patience);
            }

            Dispose();
        }

        public void Dispose() => _process.Dispose();

        private void Keep(string? line)
        {
            if (line is null)
            {
                _open.Signal();
                return;
            }

            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > 50)
                {
                    _lines.Dequeue();
                }
            }
        }
    }
}
