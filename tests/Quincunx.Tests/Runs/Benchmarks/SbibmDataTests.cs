using System.IO.Compression;
using System.Text;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Benchmarks;

namespace Quincunx.Tests.Runs.Benchmarks;

public sealed class SbibmDataTests
{
    private const string Published = """
        task,algorithm,num_simulations,num_observation,c2st,mmd,runtime_minutes,source
        two_moons,NPE,10000,1,0.5421,0.008,9.5,main_paper
        two_moons,NLE,10000,1,0.7,0.008,9.5,main_paper
        gaussian_mixture,NPE,10000,1,0.66,0.008,9.5,main_paper
        gaussian_mixture_rerun,NPE,10000,1,0.61,0.008,9.5,gm_rerun
        """;

    [Fact]
    public void Data_OfAFolder_AreRead()
    {
        using var folder = Folder();
        var data = new SbibmData(folder.Path);
        Assert.Equal(["two-moons"], data.Tasks);
        Assert.Equal([0.5, -0.25], data.Observation("two-moons", 1, features: 2));
        Assert.Equal([1, 2, 3, 4], data.Reference("two-moons", 1, dimension: 2));
        Assert.Equal((0.5421, null, null), (data.Published("two-moons", "NPE", 10000, 1), data.Published("two-moons", "NPE", 5000, 1), data.Published("two-moons", "NPE", 10000, 2)));
        Assert.Equal((0.7, 0.61), (data.Published("two-moons", "NLE", 10000, 1), data.Published("gaussian-mixture", "NPE", 10000, 1)));
    }

    [Fact]
    public void Data_OfAnotherStudy_AreRefused()
    {
        using var folder = Folder();
        var data = new SbibmData(folder.Path);
        Assert.Contains("found 2 columns, expected 3, as the study has.", Assert.Throws<ArtifactException>(() => data.Observation("two-moons", 1, features: 3)).Message, StringComparison.Ordinal);
        Assert.Contains("found 2 columns, expected 3, as the study has.", Assert.Throws<ArtifactException>(() => data.Reference("two-moons", 1, dimension: 3)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => new SbibmData(folder["no"]));
    }

    [Theory]
    [InlineData("a,b\n1,x\n", "line 2, column 3: found 'x', expected a finite number.")]
    [InlineData("a,b\n1,NaN\n", "line 2, column 3: found 'NaN', expected a finite number.")]
    [InlineData("a,b\n1,2\n3,4\n", "found 2 rows, expected one.")]
    public void Observation_Malformed_NamesThePlace(string text, string message)
    {
        using var folder = Folder();
        folder.Write("two_moons/num_observation_1/observation.csv", text);
        Assert.EndsWith(message, Assert.Throws<ArtifactException>(() => new SbibmData(folder.Path).Observation("two-moons", 1, features: 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_DamagedGzip_IsNamed()
    {
        using var folder = Folder();
        folder.Write("two_moons/num_observation_1/reference_posterior_samples.csv.gz", "a,b\n1,2\n");
        Assert.Contains(
            "expected a gzip file", Assert.Throws<ArtifactException>(() => new SbibmData(folder.Path).Reference("two-moons", 1, dimension: 2)).Message, StringComparison.Ordinal);
    }

    private static ScratchFolder Folder()
    {
        var folder = new ScratchFolder();
        folder.Write("published_c2st_per_observation.csv", Published);
        folder.Write("two_moons/num_observation_1/observation.csv", "data_1,data_2\n0.5,-0.25\n");
        using var file = new GZipStream(File.Create(folder["two_moons/num_observation_1/reference_posterior_samples.csv.gz"]), CompressionMode.Compress);
        file.Write(Encoding.UTF8.GetBytes("parameter_1,parameter_2\n1,2\n3,4\n"));
        return folder;
    }
}
