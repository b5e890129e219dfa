using System.Text;

namespace Quincunx.Tests.Cli;

/// <summary>Behind each line that it writes it waits for one to read, or to be cancelled: whoever reads the lines knows where the process that writes them is, and that it stays there.</summary>
internal sealed class StepWriter(TextWriter output, TextReader input, CancellationToken cancel) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => output.Write(value);

    public override void Write(string? value) => output.Write(value);

    public override void WriteLine(string? value)
    {
        output.WriteLine(value);
        output.Flush();
        try
        {
            Task.Run(input.ReadLine, CancellationToken.None).Wait(cancel);
        }
        catch (OperationCanceledException)
        {
            // It goes on, to its end.
        }
    }

    protected override void Dispose(bool disposing) => output.Flush();
}
