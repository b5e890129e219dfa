namespace Quincunx.Runs.Studies.Rules;

/// <summary>A key of a mapping.</summary>
/// <param name="Description">One sentence for the schema and the reference page.</param>
/// <param name="Default">Value when the key is absent (double, int, string, bool, int[]), or null if there is none.</param>
internal sealed record KeyRule(string Name, Rule Rule, string Description, object? Default = null, bool Required = false);
