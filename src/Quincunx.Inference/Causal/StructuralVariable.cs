namespace Quincunx.Inference.Causal;

/// <summary>A variable of a <see cref="StructuralModel"/>.</summary>
public sealed class StructuralVariable
{
    private StructuralVariable(string name, IReadOnlyList<string> parents, StructuralEquation equation, bool hasNoise, bool isHidden)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(equation);
        (Name, Parents, Equation, HasNoise, IsHidden) = (name, [.. parents], equation, hasNoise, isHidden);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Direct causes.</summary>
    public IReadOnlyList<string> Parents { get; }

    /// <summary>How it comes about.</summary>
    public StructuralEquation Equation { get; }

    /// <summary>Whether it has noise of its own; without, it is a function of its causes.</summary>
    public bool HasNoise { get; }

    /// <summary>Whether it is not observed.</summary>
    public bool IsHidden { get; }

    /// <summary>A variable with noise of its own.</summary>
    public static StructuralVariable Noisy(string name, IReadOnlyList<string> parents, StructuralEquation equation) => new(name, parents, equation, hasNoise: true, isHidden: false);

    /// <summary>A variable that its causes determine.</summary>
    public static StructuralVariable Determined(string name, IReadOnlyList<string> parents, StructuralEquation equation) => new(name, parents, equation, hasNoise: false, isHidden: false);

    /// <summary>The same variable, unobserved.</summary>
    public StructuralVariable Hidden() => new(Name, Parents, Equation, HasNoise, isHidden: true);
}
