using Quincunx.Inference.Distributions;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>The distributions that a prior can name, and the checks between their numbers.</summary>
internal static class PriorKinds
{
    private static readonly NumberRule Any = new(), Positive = new(0, open: true);

    public static IReadOnlyList<KeyRule> Keys { get; } =
    [
        Kind("uniform", "Constant between two ends.", Number("lower", "Lower end."), Number("upper", "Upper end.")),
        Kind("normal", "Normal, truncated if an end is given.", Number("mean", "Mean before truncation."), PositiveNumber("sd", "Standard deviation before truncation."),
            Optional("lower", "Lower end of the truncation."), Optional("upper", "Upper end of the truncation.")),
        Kind("log-normal", "Its logarithm is normal.", Number("mu", "Mean of the logarithm."), PositiveNumber("sigma", "Standard deviation of the logarithm.")),
        Kind("half-normal", "Absolute value of a normal around 0.", PositiveNumber("sd", "Standard deviation of that normal.")),
        Kind("beta", "Beta, between 0 and 1.", PositiveNumber("a", "First shape."), PositiveNumber("b", "Second shape.")),
        Kind("gamma", "Gamma.", PositiveNumber("shape", "Shape."), PositiveNumber("rate", "Rate: the mean is shape / rate.")),
        Kind("exponential", "Exponential.", PositiveNumber("rate", "Rate: the mean is 1 / rate.")),
        Kind("student-t", "Student's t.", PositiveNumber("df", "Degrees of freedom."), Number("location", "Centre."), PositiveNumber("scale", "Scale.")),
    ];

    /// <summary>One of them, by its name.</summary>
    public static MapRule Distribution { get; } = new("a distribution, such as { normal: { mean: 0, sd: 1 } }", Keys, [.. Keys.Select(k => k.Name)]);

    /// <summary>Checks what single numbers cannot show: that the ends are apart, by a width that is a number.</summary>
    /// <returns>False after reporting a problem.</returns>
    public static bool Check(string kind, StudyValue value, ProblemList problems)
    {
        StudyMap map = value.Map;
        if (kind is not ("uniform" or "normal"))
        {
            return true;
        }

        (StudyValue? lower, StudyValue? upper) = (map.Find("lower"), map.Find("upper"));
        if (lower is not null && upper is not null && lower.Number >= upper.Number)
        {
            string found = $"lower {NumberRule.Show(lower.Number)} and upper {NumberRule.Show(upper.Number)}";
            problems.Add(upper, found, "upper to be greater than lower", lower.Number == upper.Number ? "A prior of zero width leaves nothing to infer." : null);
            return false;
        }

        if (kind == "uniform" && lower is not null && upper is not null && !double.IsFinite(upper.Number - lower.Number))
        {
            problems.Add(upper, "an interval wider than the largest double", "a width that is a finite number");
            return false;
        }

        return true;
    }

    /// <summary>The distribution that a prior names.</summary>
    /// <exception cref="ArgumentException">Its numbers do not go together.</exception>
    public static IDistribution Create(ParameterPrior prior) => prior.Kind switch
    {
        "uniform" => new Uniform(prior.Argument("lower"), prior.Argument("upper")),
        "normal" when prior.Arguments.Count > 2 => new TruncatedNormal(
            prior.Argument("mean"), prior.Argument("sd"), prior.Argument("lower", double.NegativeInfinity), prior.Argument("upper", double.PositiveInfinity)),
        "normal" => new Normal(prior.Argument("mean"), prior.Argument("sd")),
        "log-normal" => new LogNormal(prior.Argument("mu"), prior.Argument("sigma")),
        "half-normal" => new HalfNormal(prior.Argument("sd")),
        "beta" => new Beta(prior.Argument("a"), prior.Argument("b")),
        "gamma" => new Gamma(prior.Argument("shape"), prior.Argument("rate")),
        "exponential" => new Exponential(prior.Argument("rate")),
        "student-t" => new StudentT(prior.Argument("df"), prior.Argument("location"), prior.Argument("scale")),
        _ => throw new ArgumentException($"Expected a known kind of prior, got '{prior.Kind}'.", nameof(prior)),
    };

    private static KeyRule Kind(string name, string description, params KeyRule[] numbers) =>
        new(name, new MapRule($"a mapping with {string.Join(", ", numbers.Where(n => n.Required).Select(n => n.Name))}", numbers), description);

    private static KeyRule Number(string name, string description) => new(name, Any, description, Required: true);

    private static KeyRule PositiveNumber(string name, string description) => new(name, Positive, description, Required: true);

    private static KeyRule Optional(string name, string description) => new(name, Any, description);
}
