namespace Quincunx.Runs.Studies.Rules;

/// <summary>The keys under <c>noise</c>.</summary>
internal static class NoiseKeys
{
    public static MapRule Rule { get; } = new(
        "a mapping with level",
        [
            new("level", new LevelRule(), $"Standard deviation of the noise: one for all outputs, or one for each in their order. A distribution of it, as under prior: each observation has a level of its own, which is its last number, {NoiseSettings.LevelName}, and the network learns the posterior at every level.", Required: true),
            new("fresh", new BooleanRule(), "Whether the noise is drawn anew each time that the network sees a simulation; for npe. Otherwise once for each simulation.", Default: false),
            new("deterministic", new BooleanRule(), "Whether the simulator's outputs follow from the parameters alone. The likelihood is then that of the noise, and importance can reweight by it; each evaluation is a simulation.", Default: false),
        ]);
}
