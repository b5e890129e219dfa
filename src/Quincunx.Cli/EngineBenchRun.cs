using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks.Engine;

namespace Quincunx.Cli;

/// <summary>Measures the engine and prints every row beside what bounds it.</summary>
internal sealed class EngineBenchRun(CliHost host, EngineRequest request)
{
    private static readonly string PeerScript = Path.Combine("bench", "peers", "engine_torch.py");

    public void Run()
    {
        var bench = new EngineBench(host.Clock, request.Effort);
        if (request.Filter is { } filter && !bench.HasRows(filter))
        {
            throw new CliException($"--filter: found '{filter}', expected a part of the name of a row or section, such as 'product' or 'NPE step'.");
        }

        var machine = MachineFacts.Of(host.Clock);
        var sections = new List<EngineSection>();
        Save(machine, sections, peer: null);            // a path that cannot be written must not cost the time of the measurement
        host.Output.WriteLine(machine.ToString());
        if (request.Effort.IsSmoke)
        {
            host.Output.WriteLine("A quick run, to see that everything runs: its figures mean nothing.");
        }

        foreach (EngineSection section in bench.Run(request.Filter, new Lines(host.Error), host.Cancel))
        {
            sections.Add(section);
            Print(section, peer: null);
            Save(machine, sections, peer: null);
        }

        if (request.Torch is { } python && Peer(python, sections) is { } peer)
        {
            host.Output.WriteLine();
            host.Output.WriteLine($"{peer.Name} ({peer.Detail}), in the same run; 'speed' is ours over its, above 1 where ours is faster");
            EngineRow[] common = [.. sections.SelectMany(s => s.Rows).Where(row => peer.Find(row) is not null)];
            Print(new EngineSection("Beside torch", common), peer);
            Save(machine, sections, peer);
        }
    }

    private PeerReport? Peer(string python, IEnumerable<EngineSection> sections)
    {
        string script = host.Resolve(PeerScript);
        host.Error.WriteLine($"torch of {python}");
        PeerOutcome outcome = TorchPeer.Run(python, script, [.. sections.SelectMany(s => s.Rows)], request.Effort, host.Cancel);
        if (outcome.Report is null)
        {
            host.Output.WriteLine();
            host.Output.WriteLine($"No figures of torch: {outcome.Problem}");
        }

        return outcome.Report;
    }

    private void Print(EngineSection section, PeerReport? peer)
    {
        host.Output.WriteLine();
        host.Output.WriteLine(section.Title);
        EngineTable table = EngineTable.Of(section.Rows, peer);
        TextTable.Write(host.Output, EngineTable.TextColumns, table.Header, table.Rows);
        if (FreeCores.Warning(section.Rows) is { } warning)
        {
            host.Output.WriteLine(warning);
        }
    }

    // After each section, so that an interruption keeps what is done.
    private void Save(MachineFacts machine, List<EngineSection> sections, PeerReport? peer)
    {
        if (request.Json is { } json)
        {
            var report = new EngineReport(EngineReport.CurrentFormat, machine, request.Effort.IsSmoke, [.. sections.SelectMany(s => s.Rows)], peer);
            AtomicFile.WriteText(host.Resolve(json), "the table", JsonArtifact.Text(report));
        }

        if (request.Markdown is { } page)
        {
            AtomicFile.WriteText(host.Resolve(page), "the page", EnginePage.Text(request.Command, machine, request.Effort.IsSmoke, sections, peer));
        }
    }

    private sealed class Lines(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine(value);
    }
}
