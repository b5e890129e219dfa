using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Pipeline;

/// <summary>Named tensors as the arrays of a <c>.npz</c> file, bit for bit.</summary>
internal static class TensorArrays
{
    public static (string Name, NpyArray Array)[] Of(NamedTensors tensors) => [.. tensors.Select(entry => (entry.Key, ToArray(entry.Value)))];

    /// <exception cref="ArtifactException">The file is damaged, or an array is not of floating-point numbers.</exception>
    public static NamedTensors Read(string path)
    {
        NpzFile file = NpzFile.Read(path);
        var tensors = new NamedTensors();
        foreach (string name in file.Names)
        {
            NpyArray array = file.Array(name);
            var shape = new Shape([.. array.Shape]);
            tensors.Add(name, array.Descriptor == "<f4" ? Tensor.From(array.Values<float>(), shape) : Tensor.From(file.Values<double>(name), shape));
        }

        return tensors;
    }

    private static NpyArray ToArray(Tensor tensor) => tensor.DType == DType.Float32
        ? NpyArray.Of(tensor.AsSpan<float>().ToArray(), tensor.Shape.Lengths)
        : NpyArray.Of(tensor.AsSpan<double>().ToArray(), tensor.Shape.Lengths);
}
