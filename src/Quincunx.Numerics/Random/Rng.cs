using System.Text;

namespace Quincunx.Numerics.Random;

/// <summary>A stream of random numbers that depends on its seed and its path of splits, and on nothing else.</summary>
/// <remarks>
/// Counter based (<see cref="Philox"/>): draw i of a stream is a pure function of key and i. <see cref="Split(long)"/>
/// gives child streams that do not depend on how much of the parent has been used, so simulation i of a study is the
/// same whatever thread, machine or batch makes it. A stream is not safe for use by two threads at once; split it instead.
/// </remarks>
public sealed partial class Rng
{
    private uint _key0, _key1;
    private ulong _block;                       // index of the next counter block
    private ulong _high, _low;                  // the current block's two 64-bit words
    private int _left;                          // words not yet used

    /// <summary>The root stream of a seed.</summary>
    public Rng(ulong seed)
    {
        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
    }

    /// <summary>Child stream number <paramref name="index"/>; the parent is not advanced.</summary>
    public Rng Split(long index) => new(Derive((ulong)index, domain: 1));

    /// <summary>Makes this object the child stream <see cref="Split(long)"/> gives, from its beginning, without a new object.</summary>
    internal void Become(Rng parent, long index)
    {
        ulong seed = parent.Derive((ulong)index, domain: 1);
        (_key0, _key1, _block, _left) = ((uint)seed, (uint)(seed >> 32), 0, 0);
    }

    /// <summary>The child stream of a name; the parent is not advanced.</summary>
    public Rng Split(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        ulong hash = 14695981039346656037;      // FNV-1a, 64 bits: it only has to tell names apart
        foreach (byte b in Encoding.UTF8.GetBytes(label))
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return new Rng(Derive(hash, domain: 2));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        if (_left == 0)
        {
            Philox.Block((uint)_block, (uint)(_block >> 32), 0, 0, _key0, _key1, out uint a, out uint b, out uint c, out uint d);
            _block++;
            (_low, _high, _left) = (a | ((ulong)b << 32), c | ((ulong)d << 32), 2);
        }

        return _left-- == 2 ? _low : _high;
    }

    /// <summary>Uniform on [0, 1): the multiples of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    // Draws use counter words 2 and 3 equal to zero; derived keys use word 3 as their domain, so the two never meet.
    private ulong Derive(ulong value, uint domain)
    {
        Philox.Block((uint)value, (uint)(value >> 32), 0, domain, _key0, _key1, out uint a, out uint b, out _, out _);
        return a | ((ulong)b << 32);
    }
}
