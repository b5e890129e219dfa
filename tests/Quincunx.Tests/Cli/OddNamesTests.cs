using System.Text.Json;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Cli;

/// <summary>Names that mean something to CSV, HTML, SVG or YAML come out as they went in.</summary>
[Trait("Category", "Slow")]
public sealed class OddNamesTests
{
    private static readonly string[] Names = ["a, b", "σ \"1\"", "# x<y>&amp;"];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_OddParameterNames_AreKeptEverywhere(int count)
    {
        string[] names = Names[..count];
        using CliCase cli = LineProgram.Case();
        cli.Catalog = new OddCatalog(names);
        string prior = string.Join('\n', names.Select(n => $"  {JsonSerializer.Serialize(n)}: {{ normal: {{ mean: 0, sd: 1 }} }}"));
        string observation = string.Join(", ", names.Select((_, i) => $"0.{i + 1}"));
        cli.Scratch.Write("odd <&>, ü/study.yaml", $$"""
            format: 1
            title: "A <b>title</b>, # and \u2028"
            simulator: odd
            prior:
            {{prior}}
            observation: { values: [{{observation}}] }
            inference: { simulations: 200, flow: { kind: affine-autoregressive, transforms: 2, hidden: [8] }, training: { batch: 50, max-epochs: 3 } }
            diagnostics: { sbc: 20, sbc-draws: 20, predictive: 20 }
            posterior: { draws: 200 }
            """);

        int code = cli.Run("run", "odd <&>, ü", "--json", "--verbose");

        Assert.True(cli.Error.Length == 0, cli.Error);
        Assert.Contains(code, new[] { 0, 3 });
        Assert.Equal(names, cli.Json.Last().GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        string run = cli["runs/odd <&>, ü"];
        CsvTable draws = CsvTable.Read(Path.Combine(run, "posterior.csv"));
        Assert.Equal([.. names, "weight"], draws.Header.Select(c => c.Text));
        Assert.Equal(200, draws.Rows.Count);
        string report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.DoesNotContain("<b>title", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<y>", report, StringComparison.Ordinal);
        foreach (string figure in Directory.EnumerateFiles(Path.Combine(run, "figures"), "*.svg"))
        {
            Assert.NotNull(System.Xml.Linq.XDocument.Load(figure).Root);
        }

        foreach (string table in Directory.EnumerateFiles(Path.Combine(run, "figures"), "*.csv"))
        {
            Assert.NotEmpty(CsvTable.Read(table).Rows);
        }

        Assert.Equal(0, cli.Run("show", run));
        Assert.All(names, n => Assert.Contains("\n" + n, cli.Output, StringComparison.Ordinal));
    }

    private sealed class OddCatalog(string[] names) : ISimulatorCatalog
    {
        IReadOnlyList<string> ISimulatorCatalog.Names => ["odd"];

        public IReadOnlyList<SimulatorOption> OptionsOf(string name) => [];

        public ISimulator Create(string name, SimulatorOptions options) => new Odd(names);
    }

    private sealed class Odd(string[] names) : ISimulator
    {
        public IReadOnlyList<string> ParameterNames => names;

        public IReadOnlyList<string> OutputNames { get; } = [.. names.Select(n => "x of " + n)];

        public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = theta[i] + rng.NextNormal();
            }
        }
    }
}
