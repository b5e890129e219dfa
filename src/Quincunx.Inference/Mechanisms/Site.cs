using System.Globalization;

namespace Quincunx.Inference.Mechanisms;

/// <summary>The name of a choice or of a computed quantity: a word, and where it occurs many times, one or two indices.</summary>
/// <param name="Name">The word. "output" is taken by <see cref="Output"/>.</param>
/// <param name="Index">The first index, 0 where there is none. Recursion may count as a heap does: 2i + 1 and 2i + 2.</param>
/// <param name="Second">The second index.</param>
public readonly record struct Site(string Name, long Index = 0, long Second = 0)
{
    /// <summary>The name of all outputs that are choices themselves.</summary>
    public const string OutputName = "output";

    /// <summary>The site of output <paramref name="index"/>: what is drawn there must be what is put into <c>x[index]</c>.</summary>
    public static Site Output(int index) => new(OutputName, index);

    /// <summary>The name, with its indices where there are any: <c>nail</c>, <c>nail[3]</c>, <c>cell[3, 4]</c>.</summary>
    public override string ToString() => (Index, Second) switch
    {
        (0, 0) => Name,
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{Name}[{Index}]"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Name}[{Index}, {Second}]"),
    };
}
