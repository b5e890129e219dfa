namespace Quincunx.Runs.Studies.Yaml;

internal sealed record YamlEntry(YamlScalar Key, YamlItem Value);
