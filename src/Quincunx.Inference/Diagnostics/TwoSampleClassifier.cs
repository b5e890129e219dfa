using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Diagnostics;

/// <summary>The network of <see cref="C2st"/>: two hidden layers of ReLU units and a logistic output, in float32, forward and backward by hand.</summary>
/// <remarks>
/// Initialisation, penalty, Adam and stopping follow the definition of scikit-learn's MLPClassifier. Written out and not built from
/// tensors because a step is about 100 microseconds of arithmetic: buffers are made once and a step allocates nothing.
/// </remarks>
internal sealed class TwoSampleClassifier
{
    // One array for all parameters and one for their gradient, so that Adam is one loop.
    private readonly int _inputs, _units, _weights1, _bias1, _weights2, _bias2, _weights3, _bias3;
    private readonly float[] _parameters, _gradient, _first, _second;
    private readonly float[] _x, _hidden1, _hidden2, _delta1, _delta2, _logit, _label;
    private readonly C2stOptions _options;
    private readonly Rng _rng;
    private long _step;

    internal TwoSampleClassifier(int inputs, C2stOptions options, Rng rng)
    {
        (_inputs, _options, _rng) = (inputs, options, rng);
        int units = _units = inputs * options.UnitsPerDimension, batch = options.BatchSize;
        _weights1 = 0;
        _bias1 = _weights1 + (inputs * units);
        _weights2 = _bias1 + units;
        _bias2 = _weights2 + (units * units);
        _weights3 = _bias2 + units;
        _bias3 = _weights3 + units;
        int count = _bias3 + 1;
        (_parameters, _gradient, _first, _second) = (new float[count], new float[count], new float[count], new float[count]);
        (_hidden1, _hidden2, _delta1, _delta2) = (new float[batch * units], new float[batch * units], new float[batch * units], new float[batch * units]);
        (_x, _logit, _label) = (new float[batch * inputs], new float[batch], new float[batch]);

        // Glorot and Bengio 2010, for the biases as well: a layer's parameters lie next to each other.
        Fill(_parameters.AsSpan(_weights1.._weights2), inputs, units);
        Fill(_parameters.AsSpan(_weights2.._weights3), units, units);
        Fill(_parameters.AsSpan(_weights3..), units, 1);
    }

    internal (int Epochs, bool Settled) Train(float[] rows, int[] training, int firstOfSecond, CancellationToken cancel)
    {
        double best = double.PositiveInfinity;
        int without = 0;
        for (int epoch = 1; epoch <= _options.MaxEpochs; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            _rng.Shuffle<int>(training);
            double loss = 0;
            for (int start = 0; start < training.Length; start += _options.BatchSize)
            {
                ReadOnlySpan<int> batch = training.AsSpan(start, Math.Min(_options.BatchSize, training.Length - start));
                Forward(rows, batch, firstOfSecond);
                loss += (Loss(batch.Length) + Penalty(batch.Length)) * batch.Length;
                Backward(batch.Length);
                Update();
            }

            loss /= training.Length;
            without = loss > best - _options.Tolerance ? without + 1 : 0;
            best = Math.Min(best, loss);
            if (without > _options.Patience)
            {
                return (epoch, true);
            }
        }

        return (_options.MaxEpochs, false);
    }

    internal double Accuracy(float[] rows, int[] held, int firstOfSecond)
    {
        int right = 0;
        for (int start = 0; start < held.Length; start += _options.BatchSize)
        {
            ReadOnlySpan<int> batch = held.AsSpan(start, Math.Min(_options.BatchSize, held.Length - start));
            Forward(rows, batch, firstOfSecond);
            for (int i = 0; i < batch.Length; i++)
            {
                right += _logit[i] > 0 == _label[i] > 0 ? 1 : 0;
            }
        }

        return (double)right / held.Length;
    }

    private void Fill(Span<float> parameters, int inputs, int outputs)
    {
        double bound = Math.Sqrt(6.0 / (inputs + outputs));
        foreach (ref float parameter in parameters)
        {
            parameter = (float)(((2 * _rng.NextDouble()) - 1) * bound);
        }
    }

    private void Forward(float[] rows, ReadOnlySpan<int> batch, int firstOfSecond)
    {
        int count = batch.Length, used = count * _units;
        for (int i = 0; i < count; i++)
        {
            rows.AsSpan(batch[i] * _inputs, _inputs).CopyTo(_x.AsSpan(i * _inputs));
            _label[i] = batch[i] >= firstOfSecond ? 1 : 0;
        }

        MatrixProduct.MultiplyAddRow<float>(
            false, false, count, _units, _inputs, _x, _parameters.AsSpan(_weights1), _parameters.AsSpan(_bias1, _units), _hidden1);
        TensorPrimitives.Max(_hidden1.AsSpan(0, used), 0f, _hidden1);
        MatrixProduct.MultiplyAddRow<float>(
            false, false, count, _units, _units, _hidden1, _parameters.AsSpan(_weights2), _parameters.AsSpan(_bias2, _units), _hidden2);
        TensorPrimitives.Max(_hidden2.AsSpan(0, used), 0f, _hidden2);
        ReadOnlySpan<float> last = _parameters.AsSpan(_weights3, _units);
        for (int i = 0; i < count; i++)
        {
            _logit[i] = Reductions.Dot<float>(_hidden2.AsSpan(i * _units, _units), last) + _parameters[_bias3];
        }
    }

    // Mean log-loss of the batch. Probabilities are kept a float's epsilon from 0 and 1, as in the definition; this enters the stopping rule only.
    private double Loss(int count)
    {
        const double Epsilon = 1.1920928955078125e-07;
        double least = -SpecialFunctions.Log1p(-Epsilon), most = -Math.Log(Epsilon), sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Math.Clamp(SpecialFunctions.Softplus(_label[i] > 0 ? -_logit[i] : _logit[i]), least, most);
        }

        return sum / count;
    }

    private double Penalty(int count)
    {
        double squares = 0;
        squares += Reductions.SumOfSquares<float>(_parameters.AsSpan(_weights1.._bias1));
        squares += Reductions.SumOfSquares<float>(_parameters.AsSpan(_weights2.._bias2));
        squares += Reductions.SumOfSquares<float>(_parameters.AsSpan(_weights3.._bias3));
        return 0.5 * _options.Penalty * squares / count;
    }

    private void Backward(int count)
    {
        int used = count * _units;
        Span<float> gradient = _gradient, last = _parameters.AsSpan(_weights3, _units);
        gradient[_bias1.._weights2].Clear();
        gradient[_bias2..].Clear();
        for (int i = 0; i < count; i++)
        {
            float delta = ((float)SpecialFunctions.Sigmoid(_logit[i]) - _label[i]) / count;
            ReadOnlySpan<float> hidden = _hidden2.AsSpan(i * _units, _units);
            TensorPrimitives.MultiplyAdd(hidden, delta, gradient[_weights3.._bias3], gradient[_weights3.._bias3]);
            TensorPrimitives.Multiply(last, delta, _delta2.AsSpan(i * _units, _units));
            gradient[_bias3] += delta;
        }

        Mask(_hidden2.AsSpan(0, used), _delta2);
        MatrixProduct.Multiply<float>(true, false, _units, _units, count, _hidden1, _delta2, gradient[_weights2.._bias2]);
        MatrixProduct.Multiply<float>(false, true, count, _units, _units, _delta2, _parameters.AsSpan(_weights2), _delta1);
        Mask(_hidden1.AsSpan(0, used), _delta1);
        MatrixProduct.Multiply<float>(true, false, _inputs, _units, count, _x, _delta1, gradient[_weights1.._bias1]);
        for (int i = 0; i < count; i++)
        {
            Span<float> bias1 = gradient[_bias1.._weights2], bias2 = gradient[_bias2.._weights3];
            TensorPrimitives.Add<float>(bias1, _delta1.AsSpan(i * _units, _units), bias1);
            TensorPrimitives.Add<float>(bias2, _delta2.AsSpan(i * _units, _units), bias2);
        }

        float penalty = (float)(_options.Penalty / count);
        foreach (Range layer in (ReadOnlySpan<Range>)[_weights1.._bias1, _weights2.._bias2, _weights3.._bias3])
        {
            TensorPrimitives.MultiplyAdd(_parameters.AsSpan(layer), penalty, gradient[layer], gradient[layer]);
        }
    }

    // The derivative of ReLU, 0 at 0: a delta passes where its unit is on.
    private static void Mask(ReadOnlySpan<float> hidden, Span<float> delta)
    {
        int i = 0;
        for (; i <= hidden.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<int> on = Vector.GreaterThan(new Vector<float>(hidden[i..]), Vector<float>.Zero);
            Vector.ConditionalSelect(on, new Vector<float>(delta[i..]), Vector<float>.Zero).CopyTo(delta[i..]);
        }

        for (; i < hidden.Length; i++)
        {
            delta[i] = hidden[i] > 0 ? delta[i] : 0;
        }
    }

    // Adam (Kingma and Ba 2015), with the bias corrections folded into the step length, so that epsilon is added to the uncorrected root.
    private void Update()
    {
        const double Beta1 = 0.9, Beta2 = 0.999;
        const float Epsilon = 1e-8f;
        _step++;
        float rate = (float)(_options.LearningRate * Math.Sqrt(1 - Math.Pow(Beta2, _step)) / (1 - Math.Pow(Beta1, _step)));
        const float Keep1 = (float)Beta1, Keep2 = (float)Beta2, New1 = (float)(1 - Beta1), New2 = (float)(1 - Beta2);
        int i = 0;
        var epsilon = new Vector<float>(Epsilon);
        for (; i <= _parameters.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(_gradient, i);
            Vector<float> m = (new Vector<float>(_first, i) * Keep1) + (g * New1);
            Vector<float> v = (new Vector<float>(_second, i) * Keep2) + (g * g * New2);
            m.CopyTo(_first, i);
            v.CopyTo(_second, i);
            (new Vector<float>(_parameters, i) - (m * rate / (Vector.SquareRoot(v) + epsilon))).CopyTo(_parameters, i);
        }

        for (; i < _parameters.Length; i++)
        {
            float g = _gradient[i];
            _first[i] = (_first[i] * Keep1) + (g * New1);
            _second[i] = (_second[i] * Keep2) + (g * g * New2);
            _parameters[i] -= _first[i] * rate / (MathF.Sqrt(_second[i]) + Epsilon);
        }
    }
}
