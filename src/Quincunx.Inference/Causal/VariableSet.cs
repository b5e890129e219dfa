using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Quincunx.Inference.Causal;

/// <summary>A set of variables by name: immutable, compared by value, in ordinal order.</summary>
/// <remarks>A single name converts to a set of one, and <c>["X", "Z"]</c> is a set, so that formulas over sets read as on paper: <c>v - x | w</c>.</remarks>
[CollectionBuilder(typeof(VariableSet), nameof(Create))]
public sealed partial class VariableSet : IReadOnlyList<string>, IEquatable<VariableSet>
{
    private readonly string[] _names;       // ascending, without repetition

    private VariableSet(string[] ascending) => _names = ascending;

    /// <summary>The set without members.</summary>
    public static VariableSet Empty { get; } = new([]);

    /// <summary>Number of members.</summary>
    public int Count => _names.Length;

    /// <summary>Whether there are no members.</summary>
    public bool IsEmpty => _names.Length == 0;

    /// <summary>The member at a place of the ordinal order.</summary>
    public string this[int index] => _names[index];

    /// <summary>The set of these names; repetitions count once.</summary>
    /// <exception cref="ArgumentException">A name is empty or has white space, one of <c>; , &lt; &gt;</c> or an arrow in it.</exception>
    public static VariableSet Create(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            CheckName(name);
        }

        return From(names.ToArray());
    }

    public static implicit operator VariableSet(string name) => Create([name]);

    public static VariableSet operator |(VariableSet left, VariableSet right) =>
        left.IsEmpty ? right : right.IsEmpty ? left : From(left._names.Concat(right._names));

    public static VariableSet operator &(VariableSet left, VariableSet right) => new([.. left._names.Where(right.Contains)]);

    public static VariableSet operator -(VariableSet left, VariableSet right) =>
        right.IsEmpty ? left : new([.. left._names.Where(name => !right.Contains(name))]);

    public static bool operator ==(VariableSet? left, VariableSet? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(VariableSet? left, VariableSet? right) => !(left == right);

    public bool Contains(string name) => Array.BinarySearch(_names, name, StringComparer.Ordinal) >= 0;

    /// <summary>Whether all members are members of the other set; equal sets count.</summary>
    public bool IsSubsetOf(VariableSet other) => Array.TrueForAll(_names, other.Contains);

    /// <summary>Whether the two have a member in common.</summary>
    public bool Overlaps(VariableSet other) => Array.Exists(_names, other.Contains);

    public bool Equals(VariableSet? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as VariableSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (string name in _names)
        {
            hash.Add(name, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>The names, with commas between.</summary>
    public override string ToString() => string.Join(", ", _names);

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _names.GetEnumerator();

    internal static VariableSet From(IEnumerable<string> names) => new([.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    internal static void CheckName(string? name)
    {
        if (name is null || !Name().IsMatch(name))
        {
            throw new ArgumentException($"Expected the name of a variable, without white space, ';', ',', '<', '>' or an arrow, got '{name}'.", nameof(name));
        }
    }

    [GeneratedRegex(@"\A([^\s;,<>-]|-(?!>))+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
