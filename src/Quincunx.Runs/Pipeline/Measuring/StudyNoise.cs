using Quincunx.Inference.Fresh;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Measuring;

/// <summary>The noise of a study, on outputs that were stored without it.</summary>
internal sealed class StudyNoise
{
    private readonly NoiseSettings _settings;
    private readonly GaussianNoise _noise;

    /// <param name="outputs">Numbers that the simulator gives.</param>
    public StudyNoise(NoiseSettings settings, int outputs)
    {
        _settings = settings;
        _noise = settings.Prior is { } prior ? new GaussianNoise(outputs, prior.CreateDistribution())
            : new GaussianNoise(settings.Levels is [var one] ? [.. Enumerable.Repeat(one, outputs)] : [.. settings.Levels]);
    }

    /// <summary>What turns outputs into observations.</summary>
    public IMeasurement Measurement => _noise;

    /// <summary>Numbers of an observation that tell its level: 1 or 0.</summary>
    public int ContextCount => _noise.ContextCount;

    /// <summary>Observations, each with its level behind it, if it has one of its own.</summary>
    /// <param name="outputs">Row-major; what is not finite stays so.</param>
    /// <param name="rng">Row i has stream i; not advanced.</param>
    public double[] Observe(ReadOnlySpan<double> outputs, Rng rng) => Rows(outputs, [], rng);

    /// <summary>The same with a given level.</summary>
    /// <param name="level">Of length <see cref="ContextCount"/>.</param>
    /// <param name="outputs">Row-major; what is not finite stays so.</param>
    /// <param name="rng">Row i has stream i; not advanced.</param>
    public double[] ObserveAt(ReadOnlySpan<double> level, ReadOnlySpan<double> outputs, Rng rng) => Rows(outputs, level, rng);

    /// <summary>A level as training draws it.</summary>
    /// <param name="level">Of length <see cref="ContextCount"/>.</param>
    public void DrawLevel(Span<double> level, Rng rng) => _noise.DrawContext(level, rng);

    /// <summary>log p(observation | outputs, level).</summary>
    /// <param name="observation">The level behind it, if it has one of its own.</param>
    public double LogLikelihood(ReadOnlySpan<double> outputs, ReadOnlySpan<double> observation) =>
        _noise.LogLikelihood(outputs, observation[_noise.Outputs..], observation[.._noise.Outputs]);

    /// <summary>What a network that is trained depends on.</summary>
    public void AddTo(InputHash hash)
    {
        hash.Add("noise", _settings.Levels).Add("fresh noise", _settings.Fresh);
        if (_settings.Prior is { } prior)
        {
            hash.Add("level", prior.Kind).Add("keys", prior.Arguments.Select(a => a.Key)).Add("values", prior.Arguments.Select(a => a.Value));
        }
    }

    /// <summary>The noise in words.</summary>
    /// <param name="isFresh">Whether a network sees another draw of it each time that it sees a simulation.</param>
    public string Describe(bool isFresh) =>
        $"{_settings.Describe()}; {(isFresh ? "drawn anew each time that the network sees a simulation" : "drawn once for each simulation")}. Simulations are stored without it";

    private double[] Rows(ReadOnlySpan<double> outputs, ReadOnlySpan<double> level, Rng rng)
    {
        int k = _noise.Outputs, width = k + ContextCount, n = outputs.Length / k;
        double[] observed = new double[n * width];
        for (int i = 0; i < n; i++)
        {
            Rng own = rng.Split(i);
            Span<double> row = observed.AsSpan(i * width, width), context = row[k..];
            if (level.IsEmpty)
            {
                _noise.DrawContext(context, own);
            }
            else
            {
                level.CopyTo(context);
            }

            _noise.Observe(outputs.Slice(i * k, k), context, row[..k], own);
        }

        return observed;
    }
}
