using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>A key under <c>simulator.options</c>.</summary>
public sealed record SimulatorOption
{
    private SimulatorOption(string name, string description, object fallback, Rule rule)
    {
        (Name, Description, Default, Rule) = (name, description, fallback, rule);
    }

    public string Name { get; }

    public string Description { get; }

    /// <summary>A double, long, bool or string.</summary>
    public object Default { get; }

    internal Rule Rule { get; }

    /// <summary>A finite number from <paramref name="lower"/> to <paramref name="upper"/>, both included.</summary>
    public static SimulatorOption Number(
        string name, string description, double fallback, double lower = double.NegativeInfinity, double upper = double.PositiveInfinity) =>
        new(name, description, fallback, new NumberRule(lower, upper));

    /// <summary>A whole number from <paramref name="lower"/> to <paramref name="upper"/>, both included.</summary>
    public static SimulatorOption Integer(string name, string description, long fallback, long lower, long upper) =>
        new(name, description, fallback, new IntegerRule(lower, upper));

    public static SimulatorOption Boolean(string name, string description, bool fallback) => new(name, description, fallback, new BooleanRule());

    /// <summary>One of some words; the first is the default.</summary>
    public static SimulatorOption Choice(string name, string description, params IReadOnlyList<string> words) =>
        new(name, description, words[0], new ChoiceRule(words));
}
