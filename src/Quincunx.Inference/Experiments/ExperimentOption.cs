namespace Quincunx.Inference.Experiments;

/// <summary>A key under <c>experiment.options</c>: a number, a whole number, or a word.</summary>
public sealed record ExperimentOption
{
    private ExperimentOption(string name, string description, object fallback, double lower, double upper, IReadOnlyList<string> words)
    {
        (Name, Description, Default, Lower, Upper, Words) = (name, description, fallback, lower, upper, words);
    }

    public string Name { get; }

    public string Description { get; }

    /// <summary>A double, long or string, which is the option's type.</summary>
    public object Default { get; }

    /// <summary>Least value of a number.</summary>
    public double Lower { get; }

    /// <summary>Greatest value of a number.</summary>
    public double Upper { get; }

    /// <summary>The words that may be chosen; empty for numbers.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>A finite number from <paramref name="lower"/> to <paramref name="upper"/>, both included.</summary>
    public static ExperimentOption Number(string name, string description, double fallback, double lower, double upper) =>
        new(name, description, fallback, lower, upper, []);

    /// <summary>A whole number from <paramref name="lower"/> to <paramref name="upper"/>, both included.</summary>
    public static ExperimentOption Integer(string name, string description, long fallback, long lower, long upper) =>
        new(name, description, fallback, lower, upper, []);

    /// <summary>One of some words; the first is the default.</summary>
    public static ExperimentOption Choice(string name, string description, params IReadOnlyList<string> words) =>
        new(name, description, words[0], double.NaN, double.NaN, words);
}
