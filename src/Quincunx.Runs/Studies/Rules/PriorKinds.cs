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

    /// <summary>Checks what single numbers cannot show: that the ends are apart and that there is mass between them.</summary>
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

        if (kind == "uniform")
        {
            if (lower is not null && upper is not null && !double.IsFinite(upper.Number - lower.Number))
            {
                problems.Add(upper, "an interval wider than the largest double", "a width that is a finite number");
                return false;
            }

            return true;
        }

        if (map.Find("mean") is not { } mean || map.Find("sd") is not { } sd)
        {
            return true;
        }

        // Beyond 37 standard deviations the normal tail is below 1e-300 and a truncated density can no longer be normalised.
        double below = (lower?.Number ?? double.NegativeInfinity) - mean.Number, above = mean.Number - (upper?.Number ?? double.PositiveInfinity);
        if (Math.Max(below, above) > 30 * sd.Number)
        {
            problems.Add((below > above ? lower : upper) ?? value, "a truncation more than 30 sd away from the mean", "an interval that holds some of the normal's mass");
            return false;
        }

        return true;
    }

    private static KeyRule Kind(string name, string description, params KeyRule[] numbers) =>
        new(name, new MapRule($"a mapping with {string.Join(", ", numbers.Where(n => n.Required).Select(n => n.Name))}", numbers), description);

    private static KeyRule Number(string name, string description) => new(name, Any, description, Required: true);

    private static KeyRule PositiveNumber(string name, string description) => new(name, Positive, description, Required: true);

    private static KeyRule Optional(string name, string description) => new(name, Any, description);
}
