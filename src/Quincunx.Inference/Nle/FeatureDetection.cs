namespace Quincunx.Inference.Nle;

/// <summary>Finds features all of whose values are whole steps apart, rows as they come; those that never vary have one level.</summary>
internal sealed class FeatureDetection(int features)
{
    private readonly double[] _first = new double[features], _least = [.. Enumerable.Repeat(double.PositiveInfinity, features)], _greatest = [.. Enumerable.Repeat(double.NegativeInfinity, features)];
    private readonly bool[] _isContinuous = new bool[features];
    private bool _hasRows;

    /// <param name="xs">Finite, shape <c>[n, features]</c>.</param>
    public void Add(ReadOnlySpan<double> xs)
    {
        if (!_hasRows && !xs.IsEmpty)
        {
            xs[..features].CopyTo(_first);
            _hasRows = true;
        }

        for (int i = 0; i < xs.Length; i++)
        {
            int j = i % features;
            double distance = xs[i] - _first[j];
            (_least[j], _greatest[j]) = (Math.Min(_least[j], xs[i]), Math.Max(_greatest[j], xs[i]));
            _isContinuous[j] |= distance != Math.Floor(distance) || _greatest[j] - _least[j] >= int.MaxValue;
        }
    }

    public List<DiscreteFeature> Found() =>
        [.. Enumerable.Range(0, features).Where(j => _hasRows && !_isContinuous[j]).Select(j => new DiscreteFeature(j, _least[j], (int)(_greatest[j] - _least[j]) + 1))];
}
