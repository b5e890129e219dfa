using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Quincunx.Runs.Execution;

namespace Quincunx.Tests.Runs.Execution.Slurm;

/// <summary>A real Slurm of one node on this machine: munged, slurmctld and slurmd on free ports, in a folder of their own, without systemd. Ends with all its jobs when it is disposed.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly ScratchFolder _folder = new();
    private readonly Dictionary<string, Process> _daemons = new(StringComparer.Ordinal);

    public SlurmCluster(int cpus = 4)
    {
        foreach (string name in new[] { "state", "spool", "run", "munge" })
        {
            Directory.CreateDirectory(_folder[name]);
        }

        File.WriteAllBytes(_folder["munge/key"], RandomNumberGenerator.GetBytes(1024));
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SLURM_CONF"] = _folder["slurm.conf"] };
        File.WriteAllText(_folder["slurm.conf"], Configuration(cpus));
        try
        {
            Run("chmod", "711", _folder.Path);
            Run("chmod", "-R", "go-rwx", _folder["munge"]);        // munged refuses a key that others can read
            Start("munged", "--foreground", "--force", "--key-file=" + _folder["munge/key"], "--socket=" + _folder["run/munge.socket"],
                "--pid-file=" + _folder["run/munged.pid"], "--seed-file=" + _folder["munge/seed"], "--num-threads=2");
            Wait(() => File.Exists(_folder["run/munge.socket"]), "munged has no socket");
            Start("slurmctld", "-D");
            StartNode();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool CanStart { get; } = OperatingSystem.IsLinux() && System.Environment.UserName == "root"
        && new[] { "munged", "slurmctld", "slurmd" }.All(p => File.Exists("/usr/sbin/" + p)) && File.Exists("/usr/bin/sbatch");

    /// <summary>What a process needs in its environment to speak to this Slurm.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Runs one of Slurm's commands.</summary>
    public string Run(params IReadOnlyList<string> command)
    {
        (int code, string output, string error) = OtherProgram.Run(command, Environment, Patience, CancellationToken.None);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {error}");
        return output;
    }

    /// <summary>idle, mixed, allocated, draining, drained, down and so on; with '*' while it does not answer.</summary>
    public string NodeState()
    {
        (int code, string output, _) = OtherProgram.Run(["sinfo", "--noheader", "--format=%T"], Environment, Patience, CancellationToken.None);
        return code == 0 ? output.Trim() : "";
    }

    public void Drain() => Run("scontrol", "update", "NodeName=" + NodeName, "State=DRAIN", "Reason=test");

    public void Resume() => Run("scontrol", "update", "NodeName=" + NodeName, "State=RESUME");

    /// <summary>Starts slurmd, and waits until its node may be used.</summary>
    public void StartNode()
    {
        Start("slurmd", "-D");
        WaitForNode();
    }

    public void StopNode() => Stop("slurmd");

    /// <summary>Starts slurmctld, and waits until it and the node have found each other.</summary>
    public void StartController()
    {
        Start("slurmctld", "-D");
        WaitForNode();
    }

    public void StopController() => Stop("slurmctld");

    /// <summary>Waits until it is so.</summary>
    public void Wait(Func<bool> condition, string otherwise)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            string log(string name) => File.Exists(_folder[name + ".log"]) ? $"\n{name}:\n{string.Join('\n', File.ReadLines(_folder[name + ".log"]).TakeLast(10))}" : "";
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, otherwise + log("slurmctld") + log("slurmd"));
            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        if (_daemons.TryGetValue("slurmctld", out Process? controller) && !controller.HasExited && _daemons.TryGetValue("slurmd", out Process? node) && !node.HasExited)
        {
            try
            {
                // A job's processes are no children of the daemons: they would outlive them.
                Run("scancel", "--user=root");
                Wait(() => Run("squeue", "--noheader").Trim().Length == 0, "jobs do not end");
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or TimeoutException)
            {
                // The test has failed for another reason, most likely.
            }
        }

        foreach (string name in new[] { "slurmd", "slurmctld", "munged" })
        {
            Stop(name);
        }

        _folder.Dispose();
    }

    private static string NodeName { get; } = Dns.GetHostName().Split('.')[0];

    private void WaitForNode() => Wait(() => NodeState() is "idle" or "mixed" or "allocated", "the node does not come up");

    private void Start(string daemon, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/sbin/" + daemon, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["SLURM_CONF"] = Environment["SLURM_CONF"];
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        process.BeginOutputReadLine();              // they log to files; a full pipe would stop them
        process.BeginErrorReadLine();
        _daemons[daemon] = process;
    }

    private void Stop(string daemon)
    {
        if (!_daemons.Remove(daemon, out Process? process))
        {
            return;
        }

        if (!process.HasExited)
        {
            OtherProgram.Run(["kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture)], Environment, Patience, CancellationToken.None);
            if (!process.WaitForExit(TimeSpan.FromSeconds(20)))
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The node says how many processors it has, whatever the machine has; schedulers look at the queue at once; tasks are followed by their parents, since control groups need a service manager.
    private string Configuration(int cpus) => string.Create(CultureInfo.InvariantCulture, $"""
        ClusterName=test
        SlurmctldHost={NodeName}(127.0.0.1)
        SlurmUser=root
        SlurmctldPort={FreePort()}
        SlurmdPort={FreePort()}
        AuthType=auth/munge
        AuthInfo=socket={_folder["run/munge.socket"]}
        StateSaveLocation={_folder["state"]}
        SlurmdSpoolDir={_folder["spool"]}
        SlurmctldPidFile={_folder["run/slurmctld.pid"]}
        SlurmdPidFile={_folder["run/slurmd.pid"]}
        SlurmctldLogFile={_folder["slurmctld.log"]}
        SlurmdLogFile={_folder["slurmd.log"]}
        SlurmdParameters=config_overrides
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SwitchType=switch/none
        MpiDefault=none
        SchedulerType=sched/builtin
        SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        ReturnToService=2
        KillWait=10
        MessageTimeout=5
        MaxArraySize=33
        NodeName={NodeName} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=4000 State=UNKNOWN
        PartitionName=work Nodes={NodeName} Default=YES MaxTime=INFINITE State=UP

        """);
}
