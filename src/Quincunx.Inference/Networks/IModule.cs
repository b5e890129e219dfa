namespace Quincunx.Inference.Networks;

/// <summary>A part of a model that keeps parameters: a layer, a network, a flow.</summary>
/// <remarks>
/// A module says once what it holds, and everything else is read off that: what an optimiser trains
/// (<see cref="ParameterTree.Trained"/>), the names under which weights are stored, and <see cref="ModuleState"/>.
/// </remarks>
public interface IModule
{
    /// <summary>Adds each own parameter and each inner module under its name, always in the same order.</summary>
    void Describe(ParameterTree tree);
}
