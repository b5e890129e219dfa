using System.Globalization;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>What a figure cannot exceed, or is to reach.</summary>
internal sealed class Bound
{
    private readonly Func<double> _value;
    private readonly Func<string> _remark;

    private Bound(IReadOnlyList<Probe> probes, Func<double> value, Func<string> remark) => (Probes, _value, _remark) = (probes, value, remark);

    /// <summary>What it needs to be measured.</summary>
    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>Known after the last round.</summary>
    public double Value => _value();

    /// <summary>Something measured in the same rounds.</summary>
    public static Bound Measured(Quantity limit, string what) => new(limit.Probes, limit.Value, () => what);

    /// <summary>A figure that is asked of us.</summary>
    /// <param name="remark">More to say, known after the last round.</param>
    public static Bound Target(double value, Func<string>? remark = null) =>
        new([], () => value, remark is null ? () => "target" : () => $"target; {remark()}");

    public string Text(string unit) => $"{Number(Value)} {unit} ({_remark()})";

    /// <summary>Three significant digits, or all of those before the point.</summary>
    public static string Number(double value)
    {
        int decimals = value == 0 || !double.IsFinite(value) ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
        string text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }
}
