using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Quincunx.Cli;

/// <summary>The usual help, followed by examples and other text of the command.</summary>
internal sealed class ExamplesHelp(HelpAction usual, IReadOnlyDictionary<Command, string> endings) : SynchronousCommandLineAction
{
    // Fixed, so that help is the same in every terminal and in a file.
    private const int Width = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = Width;
        int code = usual.Invoke(parseResult);
        if (endings.TryGetValue(parseResult.CommandResult.Command, out string? ending))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(ending);
        }

        return code;
    }
}
