using Quincunx.Inference.Distributions;

namespace Quincunx.Runs.Studies;

/// <summary>The prior of one parameter, as the study says it.</summary>
/// <param name="Kind">Word of the study file, such as <c>log-normal</c>.</param>
/// <param name="Arguments">Its numbers by key, in the order of the reference page; absent optional ones are left out.</param>
public sealed record ParameterPrior(string Name, string Kind, IReadOnlyList<(string Key, double Value)> Arguments)
{
    /// <summary>The number under <paramref name="key"/>, or <paramref name="absent"/>.</summary>
    public double Argument(string key, double absent = double.NaN)
    {
        foreach ((string name, double value) in Arguments)
        {
            if (name == key)
            {
                return value;
            }
        }

        return absent;
    }

    /// <exception cref="ArgumentException">The numbers do not go together; a loaded study has none such.</exception>
    public IDistribution CreateDistribution() => Rules.PriorKinds.Create(this);

    /// <summary>As a reader of the report expects it: <c>normal(mean 1, sd 0.5, lower 0)</c>.</summary>
    public override string ToString() => $"{Kind}({string.Join(", ", Arguments.Select(a => $"{a.Key} {Rules.NumberRule.Show(a.Value)}"))})";
}
