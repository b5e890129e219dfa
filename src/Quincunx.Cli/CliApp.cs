using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Quincunx.Cli;

/// <summary>The command line: reads the arguments and runs the command.</summary>
internal sealed class CliApp(CliHost host)
{
    private const string Endings = """
        Exit codes:
          0  done; the verdict, if there is one, is "trusted" or "caution"
          1  an error inside quincunx
          2  a study, file, simulator or option that cannot be used; the message says what was found
          3  finished, and the verdict is "do not trust"
          4  interrupted by Ctrl-C or a termination signal, or simulations are still to be made elsewhere;
             the same command goes on

        Example:
          quincunx run studies/lynx-hare
        """;

    // Not recursive: under bench, --json names a file for the rows.
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, one object a line, for machines." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Print the details of an unexpected error.", Recursive = true };
    private readonly Dictionary<Command, string> _endings = [];

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(IReadOnlyList<string> args)
    {
        ParseResult parsed = CreateRoot(args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var report = new ErrorReport(host, parsed.GetValue(_json), parsed.GetValue(_verbose));
        if (parsed.Action is ParseErrorAction)
        {
            return report.Usage(Describe(parsed));
        }

        var invocation = new InvocationConfiguration
        {
            Output = host.Output,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,               // signals are the caller's: a run saves its state first
        };
        return report.Guard(() => parsed.Invoke(invocation));
    }

    private static string Describe(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = command.Parent)
        {
            path = " " + command.Command.Name + path;
        }

        // A wrong word is also a missing command to the parser; the user hears of the word alone.
        string[] messages = [.. parsed.UnmatchedTokens.Select(t => $"Unknown command, option or argument '{t}'.")];
        messages = messages.Length > 0 ? messages : [.. parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal)];
        return $"{string.Join('\n', messages)}\nSee 'quincunx{path} --help'.";
    }

    private RootCommand CreateRoot(IReadOnlyList<string> args)
    {
        var root = new RootCommand("Infers the parameters of a simulator from data, and checks whether the result can be trusted.") { _json, _verbose };
        _endings[root] = Endings;
        foreach (StudyCommand.Kind kind in StudyCommand.Kinds)
        {
            AddWithJson(StudyCommand.Create(kind, host, _json, args), kind.Example);
        }

        AddWithJson(MergeCommand.Create(host, _json), MergeCommand.Example);
        AddWithJson(CheckCommand.Create(host, _json), CheckCommand.Example);
        AddWithJson(ListCommand.Create(host, _json), ListCommand.Example);
        AddWithJson(ShowCommand.Create(host, _json), ShowCommand.Example);
        AddWithJson(ExportCommand.Create(host, _json), ExportCommand.Example);
        AddWithJson(ImportCommand.Create(host, _json), ImportCommand.Example);
        Add(BenchCommand.Create(host), BenchCommand.Example);
        foreach (VersionOption version in root.Options.OfType<VersionOption>())
        {
            version.Action = new VersionAction();
        }

        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new ExamplesHelp((HelpAction)help.Action!, _endings);
        }

        return root;

        void Add(Command command, string example)
        {
            root.Add(command);
            string ending = "Example:\n" + string.Join('\n', example.Split('\n').Select(line => "  " + line));
            foreach (Command described in (IEnumerable<Command>)[command, .. command.Subcommands])
            {
                _endings[described] = ending;
            }
        }

        void AddWithJson(Command command, string example)
        {
            command.Add(_json);
            Add(command, example);
        }
    }

    // The usual one prints the version of the program that started the process, which under a test is the test runner.
    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine("quincunx " + ErrorReport.Version);
            return ExitCode.Success;
        }
    }
}
