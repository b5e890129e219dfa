using Quincunx.Inference.Experiments;
using Quincunx.Physics;

namespace Quincunx.Tests.Physics;

public sealed class ExperimentCatalogTests
{
    public static TheoryData<string> Names => [.. ExperimentCatalog.All.Select(e => e.Name)];

    [Fact]
    public void All_NamesAreSortedAndUnique()
    {
        string[] names = [.. ExperimentCatalog.All.Select(entry => entry.Name)];
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Null(ExperimentCatalog.Find("none"));
    }

    [Theory, MemberData(nameof(Names))]
    public void EveryExperiment_Defaults_AreValidAndDescribed(string name)
    {
        ExperimentEntry entry = ExperimentCatalog.Find(name)!;
        Assert.NotNull(entry.Create(new ExperimentOptions(entry.Options)));
        Assert.All(entry.Options, o =>
        {
            Assert.EndsWith(".", o.Description, StringComparison.Ordinal);
            Assert.True(o.Default is string || (Convert.ToDouble(o.Default, null) >= o.Lower && Convert.ToDouble(o.Default, null) <= o.Upper), o.Name);
        });
        Assert.Equal(entry.Options.Count, entry.Options.DistinctBy(o => o.Name).Count());
    }

    [Fact]
    public void Options_UnknownOrOfAnotherType_AreRefused()
    {
        ExperimentOption[] known = [ExperimentOption.Integer("n", "N.", 3, 1, 9)];
        Assert.Throws<ArgumentException>(() => new ExperimentOptions(known, new Dictionary<string, object> { ["m"] = 3L }));
        Assert.Throws<ArgumentException>(() => new ExperimentOptions(known, new Dictionary<string, object> { ["n"] = 3.0 }));
        var options = new ExperimentOptions(known, new Dictionary<string, object> { ["n"] = 4L });
        Assert.Equal(4, options.Integer("n"));
        Assert.Throws<ArgumentException>(() => options.Number("n"));
    }
}
