using System.Numerics;

namespace Quincunx.Inference.Mechanisms;

/// <summary>What a mechanism tells its choices to, and takes their values from.</summary>
/// <remarks>An implementation is one reading of the mechanism. It need not return what the law would have drawn.</remarks>
public interface ITrace<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <summary>A random choice.</summary>
    /// <param name="site">Its name; not used twice in a run.</param>
    /// <param name="law">Its distribution given all that came before.</param>
    TReal Draw<TLaw>(Site site, TLaw law)
        where TLaw : struct, ILaw<TReal>, allows ref struct;

    /// <summary>Gives a computed quantity a name, so that it can be looked at and intervened upon; plain readings return it as it is.</summary>
    /// <param name="site">Its name; not used twice in a run.</param>
    /// <param name="value">What the mechanism computed. It must go on with what is returned.</param>
    TReal Let(Site site, TReal value);
}
