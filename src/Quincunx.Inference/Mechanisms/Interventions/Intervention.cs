using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Mechanisms.Interventions;

/// <summary>A change of one choice or named quantity, or of all of a name: the mechanism is left as it is everywhere else.</summary>
public sealed class Intervention
{
    private Intervention(Site site, bool isEverywhere, InterventionKind kind, double value, ScalarDistribution? policy)
    {
        ArgumentException.ThrowIfNullOrEmpty(site.Name);
        (Site, IsEverywhere, Kind, Value, Policy) = (site, isEverywhere, kind, value, policy);
        NaturalName = $"natural {site.Name}";
    }

    /// <summary>Where; only its name counts if <see cref="IsEverywhere"/>.</summary>
    public Site Site { get; }

    /// <summary>Whether every site of the name is changed, whatever its indices.</summary>
    public bool IsEverywhere { get; }

    /// <summary>What is done.</summary>
    public InterventionKind Kind { get; }

    /// <summary>What it is set to, or by how much it is shifted; NaN for a policy.</summary>
    public double Value { get; }

    /// <summary>What it is drawn from instead, or null.</summary>
    public ScalarDistribution? Policy { get; }

    internal string NaturalName { get; }

    /// <summary>do(name = value), for all sites of the name or the output that bears it.</summary>
    /// <exception cref="ArgumentException">The value is not finite, or there is no name.</exception>
    public static Intervention Set(string name, double value) => new(new Site(name), isEverywhere: true, InterventionKind.Set, Finite(value), null);

    /// <summary>do(site = value).</summary>
    /// <exception cref="ArgumentException">The value is not finite, or there is no name.</exception>
    public static Intervention Set(Site site, double value) => new(site, isEverywhere: false, InterventionKind.Set, Finite(value), null);

    /// <summary>What the mechanism draws or computes, plus a number.</summary>
    /// <exception cref="ArgumentException">The number is not finite, or there is no name.</exception>
    public static Intervention Shift(string name, double by) => new(new Site(name), isEverywhere: true, InterventionKind.Shift, Finite(by), null);

    /// <summary>What the mechanism draws or computes there, plus a number.</summary>
    /// <exception cref="ArgumentException">The number is not finite, or there is no name.</exception>
    public static Intervention Shift(Site site, double by) => new(site, isEverywhere: false, InterventionKind.Shift, Finite(by), null);

    /// <summary>A draw from another distribution, whatever the mechanism would have done.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static Intervention Draw(string name, ScalarDistribution policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(new Site(name), isEverywhere: true, InterventionKind.Draw, double.NaN, policy);
    }

    /// <summary>A draw from another distribution, whatever the mechanism would have done there.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static Intervention Draw(Site site, ScalarDistribution policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(site, isEverywhere: false, InterventionKind.Draw, double.NaN, policy);
    }

    /// <summary>As it is written: do(x = 3), do(x + 0.5), do(x ~ policy).</summary>
    public override string ToString()
    {
        string where = IsEverywhere ? Site.Name : Site.ToString();
        return Kind switch
        {
            InterventionKind.Set => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"do({where} = {Value})"),
            InterventionKind.Shift => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"do({where} {(Value < 0 ? '-' : '+')} {Math.Abs(Value)})"),
            _ => $"do({where} ~ {Policy!.GetType().Name})",
        };
    }

    private static double Finite(double value) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a finite number.");
}
