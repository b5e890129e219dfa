namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>The first random numbers of NumPy's <c>RandomState(seed)</c>: they define constants of published tasks, which so need no files.</summary>
/// <remarks>
/// Mersenne Twister MT19937 (Matsumoto and Nishimura 1998, ACM TOMACS 8, 3) seeded with one 32-bit number, doubles of 53 bits, normals by the polar method of Marsaglia with
/// the second of each pair kept, permutations by Fisher-Yates with masked rejection. Not for simulations: there is <see cref="Numerics.Random.Rng"/>.
/// </remarks>
internal sealed class NumPyRandom
{
    private const int Length = 624, Middle = 397;
    private readonly uint[] _state = new uint[Length];
    private int _next = Length;
    private double? _kept;

    public NumPyRandom(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < Length; i++)
        {
            uint last = _state[i - 1];
            _state[i] = (1_812_433_253 * (last ^ (last >> 30))) + i;
        }
    }

    public uint NextUInt32()
    {
        if (_next == Length)
        {
            Advance();
        }

        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    /// <summary>Standard normal.</summary>
    public double NextNormal()
    {
        if (_kept is { } kept)
        {
            _kept = null;
            return kept;
        }

        double u, v, square;
        do
        {
            u = (2 * NextDouble()) - 1;
            v = (2 * NextDouble()) - 1;
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _kept = scale * u;
        return scale * v;
    }

    public int[] Permutation(int count)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            uint mask = uint.MaxValue >> int.LeadingZeroCount(i), j;
            do
            {
                j = NextUInt32() & mask;
            }
            while (j > i);

            (items[i], items[j]) = (items[j], items[i]);
        }

        return items;
    }

    private double NextDouble()
    {
        uint high = NextUInt32() >> 5, low = NextUInt32() >> 6;
        return ((high * 67_108_864.0) + low) / 9_007_199_254_740_992.0;
    }

    private void Advance()
    {
        for (int i = 0; i < Length; i++)
        {
            uint joined = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7fffffff);
            _state[i] = _state[(i + Middle) % Length] ^ (joined >> 1) ^ ((joined & 1) * 0x9908b0df);
        }

        _next = 0;
    }
}
