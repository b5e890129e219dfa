namespace Quincunx.Runs.Studies.Rules;

/// <summary>The keys under <c>inference.equivariance</c>.</summary>
internal static class EquivarianceKeys
{
    private static readonly TextRule Parameter = new("the name of a parameter");

    public static MapRule Rule { get; } = new(
        "a mapping with shift, translation, scale, location-scale or own",
        [
            new("shift", Shift(), "Outputs are a signal at equally spaced times, which moves by whole samples with the parameter that is its time."),
            new("translation", Translation(), "Outputs move by a design matrix times parameters: x = A theta + what the others and noise make."),
            new("scale", Scale(), "All outputs are multiplied with a parameter that is their scale."),
            new("location-scale", LocationScale(), "All outputs move with a parameter that is their location and one that is their scale."),
            new("own", Own(), "A group of your own."),
            new("blur", new ListRule(new NumberRule(0, open: true), "a list of positive numbers, one for each coordinate of the pose"), "How far poses are blurred: standard deviations of a normal kernel, half widths of a uniform one. Wide against the posterior of the pose, narrow against its prior. Coordinates: of shift and translation the parameters themselves; of scale its logarithm; of location-scale the logarithm of the scale, then the location in units of the scale.", Required: true),
            new("kernel", new ChoiceRule(EquivarianceSettings.Kernels), "Law of the blur, independent in each coordinate.", Default: EquivarianceSettings.Kernels[0]),
            new("symmetry", new ChoiceRule(EquivarianceSettings.Symmetries), "exact: prior (but for its bounds) and likelihood do not change when parameters and data move together, and the network does not see the pose. approximate: it does.", Default: EquivarianceSettings.Symmetries[0]),
            new("iterations", new IntegerRule(16, 1_000_000), "Iterations of the chains at most; they end earlier where they agree.", Default: 200),
            new("components", new IntegerRule(1, 100_000), "Blurred poses that the density of the parameters is a mixture over.", Default: 64),
        ],
        "shift",
        "translation",
        "scale",
        "location-scale",
        "own");

    private static MapRule Shift() => new(
        "a mapping with parameter, step and ends",
        [
            new("parameter", Parameter, "The time of the signal.", Required: true),
            new("step", new NumberRule(0, open: true), "Time between two outputs, in the parameter's unit.", Required: true),
            new("ends", new ChoiceRule("periodic", "zero"), "What comes in at one end of a signal that is moved. periodic: what went out at the other. zero: zeros.", Required: true),
        ]);

    private static MapRule Translation() => new(
        "a mapping with parameters",
        [
            new("parameters", new ListRule(Parameter, "a list of names of parameters"), "Those that outputs move with.", Required: true),
            new("design", new ListRule(new ListRule(new NumberRule(), "a row of numbers, one for each parameter"), "a list of rows, one for each output"), "By how much each output moves with each of them. Absent, for one parameter: all outputs by 1."),
        ]);

    private static MapRule Scale() => new(
        "a mapping with parameter",
        [
            new("parameter", Parameter, "The parameter that is the scale of every output, noise included; positive.", Required: true),
        ]);

    private static MapRule LocationScale() => new(
        "a mapping with location and scale",
        [
            new("location", Parameter, "The parameter that is the location of every output.", Required: true),
            new("scale", Parameter, "The parameter that is their scale, positive.", Required: true),
        ]);

    private static MapRule Own() => new(
        "a mapping with assembly and type",
        [
            new("assembly", new TextRule("the path of a .NET assembly"), "A .NET assembly, relative to the study file, with what it uses beside it.", Required: true),
            new("type", new TextRule("the full name of a type"), "Full name of a public type in it that implements IPoseGroup, for parameters in the order of the prior.", Required: true),
            new("options", new AnyRule("a mapping of the type's options"), "Arguments of its public constructor, by name: numbers, truth values and texts."),
        ]);
}
