using System.Text;
using Quincunx.Cli;
using Spectre.Console;

// Files and pipes get UTF-8 whatever the machine's language; Spectre.Console draws through the same writer.
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
using var signals = new Signals();
bool interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
var host = new CliHost
{
    Output = output,
    Error = Console.Error,
    Clock = TimeProvider.System,
    Directory = "",
    Catalog = new SimulatorCatalogAdapter(),
    Experiments = new ExperimentCatalogAdapter(),
    Plan = StudyPlan.Of,
    Program = ThisProgram.Command(typeof(CliApp).Assembly),
    Input = Console.In,
    DataFolder = Environment.GetEnvironmentVariable("QUINCUNX_DATA") is { Length: > 0 } data ? data : null,
    Terminal = interactive ? CreateTerminal(output) : null,
    Cancel = signals.Token,
};
return new CliApp(host).Run(args);

static IAnsiConsole CreateTerminal(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
{
    Out = new AnsiConsoleOutput(output),
    Ansi = AnsiSupport.Yes,
    Interactive = InteractionSupport.Yes,
    ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
});
