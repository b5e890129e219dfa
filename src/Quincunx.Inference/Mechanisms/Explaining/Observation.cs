namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>What is known of an event whose choices are to be explained.</summary>
/// <remarks>
/// A choice that was seen is set to its value and weighs the event by its density. A computed quantity that was seen weighs it by 1 where it agrees and by 0 where
/// it does not, or by
/// <see cref="Kernel"/>. An event that does not come by a site in <see cref="Sites"/> does not agree.
/// </remarks>
public sealed record Observation
{
    /// <param name="x">The outputs, shape <c>[outputs]</c>; NaN for one that was not seen, whose choice is then latent like others.</param>
    public Observation(params double[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        X = [.. x];
    }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Further choices or named quantities that were seen; not outputs.</summary>
    public IReadOnlyDictionary<Site, double> Sites { get; init; } = new Dictionary<Site, double>();

    /// <summary>Compares outputs that are computed and not drawn; null where they must be equal.</summary>
    public OutputKernel? Kernel { get; init; }

    /// <exception cref="ArgumentException">There is another number of outputs, or a site is an output or has the value NaN.</exception>
    internal void Check(IMechanism mechanism)
    {
        if (X.Count != mechanism.OutputNames.Count)
        {
            throw new ArgumentException($"Expected an observation of {mechanism.OutputNames.Count} outputs, got {X.Count}.");
        }

        foreach ((Site site, double value) in Sites)
        {
            if (site.Name is null or Site.OutputName || double.IsNaN(value))
            {
                throw new ArgumentException($"Expected sites other than outputs, with values that are numbers, got {site} = {value}.");
            }
        }
    }
}
