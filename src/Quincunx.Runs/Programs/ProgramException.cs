namespace Quincunx.Runs.Programs;

/// <summary>A program cannot be used as a simulator: it does not start, or does not keep to the protocol. The command line prints the message and ends with exit code 2.</summary>
public sealed class ProgramException : Exception
{
    /// <param name="file">The study file that asks for it; may be empty.</param>
    /// <param name="command">Its words.</param>
    /// <param name="found">End of the sentence "found …".</param>
    /// <param name="expected">End of the sentence "expected …".</param>
    /// <param name="errors">The last that it wrote on its standard error; may be empty.</param>
    public ProgramException(string file, IEnumerable<string> command, string found, string expected, string errors = "", Exception? inner = null)
        : base(Describe(file, command, found, expected, errors), inner)
    {
        (Found, Expected, Errors) = (found, expected, errors);
    }

    public string Found { get; }

    public string Expected { get; }

    public string Errors { get; }

    private static string Describe(string file, IEnumerable<string> command, string found, string expected, string errors) =>
        $"{(file.Length > 0 ? file + ": " : "")}program '{string.Join(' ', command)}': found {found}, expected {expected}." + Quote(errors);

    internal static string Quote(string errors) => errors.Length == 0 ? "" : " It wrote on its standard error:\n" + errors;
}
