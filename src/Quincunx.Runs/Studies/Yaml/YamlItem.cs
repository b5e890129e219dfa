namespace Quincunx.Runs.Studies.Yaml;

/// <summary>A value in a YAML file and its place, counted from 1.</summary>
internal abstract record YamlItem(int Line, int Column)
{
    /// <summary>How a message names it after "found".</summary>
    public abstract string Describe();
}
