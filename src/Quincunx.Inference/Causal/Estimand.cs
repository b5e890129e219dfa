using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Causal;

/// <summary>A formula in the joint distribution of observed variables: sums, products and quotients of conditional probabilities.</summary>
/// <remarks>
/// The value depends on the states of its free variables. A sum binds the variables that it runs over: an outer variable of the same name is
/// another one, and is printed without the prime that the inner one gets. Formulas are equal if they are printed alike.
/// </remarks>
public abstract class Estimand : IEquatable<Estimand>
{
    private protected Estimand()
    {
    }

    /// <summary>The variables whose states have to be given for the formula to have a value.</summary>
    public abstract VariableSet FreeVariables { get; }

    /// <summary>Σ_z P(y | x, z) P(z), which is P(y | do(x)) where z meets the back-door or the adjustment criterion.</summary>
    /// <exception cref="ArgumentException">The sets have variables in common.</exception>
    public static Estimand Adjustment(VariableSet x, VariableSet y, VariableSet z)
    {
        CheckDisjoint(x, y, z);
        var within = new ProbabilityEstimand(y, x | z);
        return z.IsEmpty ? within : EstimandAlgebra.Sum(z, EstimandAlgebra.Product(within, new ProbabilityEstimand(z, VariableSet.Empty)));
    }

    /// <summary>Σ_z P(z | x) Σ_x' P(y | x', z) P(x'), which is P(y | do(x)) where z meets the front-door criterion.</summary>
    /// <exception cref="ArgumentException">The sets have variables in common.</exception>
    public static Estimand FrontDoor(VariableSet x, VariableSet y, VariableSet z)
    {
        CheckDisjoint(x, y, z);
        return z.IsEmpty
            ? new ProbabilityEstimand(y, VariableSet.Empty)         // x does not act on y at all
            : EstimandAlgebra.Sum(z, EstimandAlgebra.Product(new ProbabilityEstimand(z, x), Adjustment(z, y, x)));
    }

    /// <summary>The value on a distribution.</summary>
    /// <param name="joint">A distribution of at least the variables that occur.</param>
    /// <param name="at">A state for each free variable; others are ignored.</param>
    /// <remarks>A stratum that has probability 0 and is weighted by 0 counts 0, whatever is conditional on it.</remarks>
    /// <exception cref="PositivityException">A stratum that counts has probability 0.</exception>
    /// <exception cref="ArgumentException">A free variable has no state, or a state or variable does not exist.</exception>
    public double Evaluate(DiscreteJoint joint, params ReadOnlySpan<(string Name, int State)> at)
    {
        EstimandValue value = new EstimandEvaluation(joint).Of(this, at);
        return value.EmptyStratum is null ? value.Value : throw new PositivityException(value.EmptyStratum);
    }

    /// <summary>The value on observations: that on their empirical distribution, with a standard error by the bootstrap.</summary>
    /// <param name="sample">Observations of at least the variables that occur.</param>
    /// <param name="rng">Resample i uses stream i.</param>
    /// <param name="resamples">At least 2.</param>
    /// <param name="at">As for <see cref="Evaluate"/>.</param>
    /// <exception cref="PositivityException">A stratum that counts has not been observed.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Evaluate"/>.</exception>
    public PlugInEstimate Estimate(DiscreteSample sample, Rng rng, int resamples, params ReadOnlySpan<(string Name, int State)> at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        double value = Evaluate(sample.Joint, at);
        List<double> values = [];
        for (int i = 0; i < resamples; i++)
        {
            EstimandValue resampled = new EstimandEvaluation(sample.Resampled(rng.Split(i))).Of(this, at);
            if (resampled.EmptyStratum is null)
            {
                values.Add(resampled.Value);
            }
        }

        double mean = values.DefaultIfEmpty(double.NaN).Average();
        double error = values.Count < 2 ? double.NaN : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        return new PlugInEstimate(value, error, resamples, resamples - values.Count);
    }

    /// <summary>The formula as text, <c>Σ{Z} P(Y | X, Z) P(Z)</c>.</summary>
    public sealed override string ToString() => EstimandText.Plain(this);

    /// <summary>The formula as LaTeX, <c>\sum_{Z} P(Y \mid X, Z) P(Z)</c>.</summary>
    public string ToLatex() => EstimandText.Latex(this);

    public bool Equals(Estimand? other) => other is not null && ToString() == other.ToString();

    public sealed override bool Equals(object? obj) => Equals(obj as Estimand);

    public sealed override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static void CheckDisjoint(VariableSet x, VariableSet y, VariableSet z)
    {
        if (x.Overlaps(y) || z.Overlaps(x | y))
        {
            throw new ArgumentException($"Expected sets without common variables, got ({x}), ({y}) and ({z}).", nameof(z));
        }
    }
}
