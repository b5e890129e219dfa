using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Campaigns;

public sealed class SimulationStoreTests
{
    private const string Name = "simulations.db";

    // Four blocks of 8 rows and one of 2.
    private static readonly Campaign Campaign = Events.Campaign(34);

    [Fact]
    public void Add_InAnyPiecesAndOrder_StoresTheSame()
    {
        using var folder = new ScratchFolder();
        CampaignIndex expected = Events.Store(folder["whole.db"], Campaign);
        string contents = StoreContents.Of(folder["whole.db"]);
        var rng = new Rng(1);
        for (int trial = 0; trial < 10; trial++)
        {
            string path = folder[$"{trial}.db"];
            List<SimulationSet> pieces = [];
            for (long from = 0; from < Campaign.Rows;)
            {
                long to = Math.Min(Campaign.Rows, from + 1 + (long)(rng.NextUInt64() % 11));
                pieces.Add(Events.Of(Campaign, from, to));
                from = to;
            }

            SimulationStore store = Events.Open(path, Campaign);
            while (pieces.Count > 0)
            {
                int next = (int)(rng.NextUInt64() % (ulong)pieces.Count);
                store.Add(pieces[next]);
                if (rng.NextDouble() < 0.4)
                {
                    store.Commit();
                    if (rng.NextDouble() < 0.4)
                    {
                        store.Dispose();
                        store = Events.Open(path, Campaign);
                    }
                }

                pieces.RemoveAt(next);
            }

            Assert.Empty(store.Missing());
            Assert.Equal(JsonArtifact.Text(expected), JsonArtifact.Text(store.Index()));
            Assert.Equal(new EventCount(34, 2), store.Count);
            store.Seal([Campaign.Name]);
            store.Dispose();
            Assert.Equal(contents, StoreContents.Of(path));
            Assert.Equal([path], Directory.GetFiles(folder.Path, $"{trial}.db*"));
        }
    }

    [Fact]
    public void Add_OfWhatIsThere_ChangesNothing()
    {
        using var folder = new ScratchFolder();
        Events.Store(folder[Name], Campaign);
        string contents = StoreContents.Of(folder[Name]);
        using (SimulationStore store = Events.Open(folder[Name], Campaign))
        {
            store.Add(Events.Of(Campaign, 3, 34));
            Assert.Equal(34, store.Count.Events);
            store.Seal([Campaign.Name]);
        }

        Assert.Equal(contents, StoreContents.Of(folder[Name]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(32)]
    public void Add_OfOtherNumbers_NamesTheEvent(int number)
    {
        using var folder = new ScratchFolder();
        Events.Store(folder[Name], Campaign);
        string contents = StoreContents.Of(folder[Name]);
        SimulationSet other = Events.Of(Campaign, 0, 34);
        other.X[(number * other.OutputCount) + 7]++;
        using (SimulationStore store = Events.Open(folder[Name], Campaign))
        {
            ArtifactException e = Assert.Throws<ArtifactException>(() => store.Add(other));
            Assert.Equal(folder[Name], e.File);
            Assert.StartsWith($"event {number} with other numbers", e.Found, StringComparison.Ordinal);
        }

        Assert.Equal(contents, StoreContents.Of(folder[Name]));
    }

    [Fact]
    public void Add_OfRowsOfAnotherLength_SaysBoth()
    {
        using var folder = new ScratchFolder();
        using SimulationStore store = Events.Open(folder[Name], Campaign);
        ArgumentException e = Assert.Throws<ArgumentException>(() => store.Add(Events.Of(Events.Campaign(1, outputs: 3), 0, 1)));
        Assert.StartsWith("Expected events of 2 parameters and 16382 outputs, got 2 and 3.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_OfWhatWasAdded_IsTheRest()
    {
        using var folder = new ScratchFolder();
        using SimulationStore store = Events.Open(folder[Name], Campaign);
        Assert.Equal([new EventRange(0, 34)], store.Missing());
        store.Add(Events.Of(Campaign, 8, 16));
        store.Add(Events.Of(Campaign, 20, 21));
        store.Add(Events.Of(Campaign, 30, 40));                 // beyond the campaign: kept for a longer one
        Assert.Equal([new EventRange(0, 8), new EventRange(16, 20), new EventRange(21, 30)], store.Missing());
        Assert.Equal(13, store.Count.Events);
        Assert.Throws<InvalidOperationException>(store.Index);
    }

    // What is longer has the blocks of what is shorter, and both have the index that they would have alone.
    [Fact]
    public void Open_OfALongerOrShorterCampaign_SharesTheEvents()
    {
        using var folder = new ScratchFolder();
        Campaign longer = Campaign with { Rows = 45 }, shorter = Campaign with { Rows = 19 };
        string expected = JsonArtifact.Text(Events.Store(folder["longer.db"], longer)), first = JsonArtifact.Text(Events.Store(folder["shorter.db"], shorter));
        Events.Store(folder[Name], Campaign);
        using (SimulationStore store = Events.Open(folder[Name], longer))
        {
            Assert.Equal([new EventRange(34, 45)], store.Missing());
            store.Add(Events.Of(longer, 34, 45));
            Assert.Equal(expected, JsonArtifact.Text(store.Index()));
            store.Seal([Campaign.Name]);
        }

        Assert.Equal(StoreContents.Of(folder["longer.db"]), StoreContents.Of(folder[Name]));
        using (SimulationStore store = Events.Open(folder[Name], shorter))
        {
            Assert.Empty(store.Missing());
            Assert.Equal(new EventCount(19, 1), store.Count);
            Assert.Equal(first, JsonArtifact.Text(store.Index()));
        }

        JsonIndex(folder, "index.json", first);
        using var reader = CampaignReader.Open(folder[Name], folder["index.json"]);
        Assert.Equal(Events.Of(shorter, 0, 19).X, reader.ReadAll().X);
        Assert.Equal([8, 7, 3], reader.Rows);
    }

    [Fact]
    public void Contents_OfTwoCampaignsWithTheSameRows_AreStoredOnce()
    {
        using var folder = new ScratchFolder();
        Campaign other = Campaign with { Name = "round-2", Key = new string('b', 64), Rows = 16 };
        Events.Store(folder[Name], Campaign);
        using (SimulationStore store = Events.Open(folder[Name], other))
        {
            store.Add(Events.Of(other, 0, 16));
            store.Seal(["round-1", "round-2"]);
        }

        Assert.Equal([5L, 7L], [Number(folder, "SELECT count(*) FROM contents"), Number(folder, "SELECT count(*) FROM blocks")]);
        using (SimulationStore store = Events.Open(folder[Name], other))
        {
            store.Seal(["round-2"]);
        }

        Assert.Equal([2L, 2L, 1L], [Number(folder, "SELECT count(*) FROM contents"), Number(folder, "SELECT count(*) FROM blocks"), Number(folder, "SELECT count(*) FROM campaigns")]);
        Assert.True(new FileInfo(folder[Name]).Length < 3 << 20, "the file keeps the room of the campaign that is gone");
    }

    [Fact]
    public void Failures_OfMany_AreTheFirstFiveWithTheirReasons()
    {
        using var folder = new ScratchFolder();
        Campaign campaign = Events.Campaign(200, outputs: 3);
        using (SimulationStore store = Events.Open(folder[Name], campaign))
        {
            store.Add(Events.Of(campaign, 100, 200));
            store.Commit();
        }

        using (SimulationStore store = Events.Open(folder[Name], campaign))
        {
            store.Add(Events.Of(campaign, 0, 100));
            Assert.Equal([12, 25, 38, 51, 64], store.Index().FirstFailed);
            Assert.Equal(15, store.Index().Failed);
            store.Seal([campaign.Name]);
        }

        using (SimulationStore store = Events.Open(folder[Name], campaign with { Rows = 30 }))
        {
            Assert.Equal(["number 12", "number 25"], store.Failures.Select(f => f.Message));
            Assert.Equal(Events.Of(campaign, 25, 26).Theta, store.Failures[1].Theta);
        }
    }

    [Fact]
    public void Reader_WhileTheStoreGrows_SeesWhatWasCommitted()
    {
        using var folder = new ScratchFolder();
        using SimulationStore store = Events.Open(folder[Name], Campaign);
        using var reader = new SqliteConnection($"Data Source={folder[Name]};Mode=ReadOnly;Pooling=False");
        reader.Open();
        using SqliteCommand count = reader.CreateCommand();
        count.CommandText = "SELECT total(rows) FROM blocks";
        for (int block = 0; block < 4; block++)
        {
            store.Add(Events.Of(Campaign, 8 * block, 8 * (block + 1)));
            Assert.Equal(8.0 * block, count.ExecuteScalar());
            store.Commit();
            Assert.Equal(8.0 * (block + 1), count.ExecuteScalar());
        }

        // Sealed under a reader it stays readable, and is sealed by the next.
        store.Add(Events.Of(Campaign, 32, 34));
        using (SqliteDataReader open = count.ExecuteReader())
        {
            open.Read();
            store.Seal([Campaign.Name]);
        }

        Assert.Equal(34.0, count.ExecuteScalar());
    }

    [Fact]
    public void TwoStores_OfOneFile_LoseAndDoubleNothing()
    {
        using var folder = new ScratchFolder();
        Campaign campaign = Events.Campaign(400, outputs: 3);
        CampaignIndex expected = Events.Store(folder["whole.db"], campaign);
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, writer =>
        {
            using SimulationStore store = Events.Open(folder[Name], campaign);
            for (int piece = 0; piece < 40; piece++)
            {
                // Each has made half of the events, and some that the other makes too.
                if (piece % 2 == writer || piece % 5 == 0)
                {
                    store.Add(Events.Of(campaign, 10 * piece, 10 * (piece + 1)));
                    store.Commit();
                }
            }
        });

        using SimulationStore last = Events.Open(folder[Name], campaign);
        Assert.Empty(last.Missing());
        Assert.Equal(JsonArtifact.Text(expected), JsonArtifact.Text(last.Index()));
        last.Seal([campaign.Name]);
        Assert.Equal(StoreContents.Of(folder["whole.db"]), StoreContents.Of(folder[Name]));
    }

    [SmallDiskFact]
    public void Add_OnAFullDisk_KeepsWhatWasCommittedAndGoesOn()
    {
        using var folder = new ScratchFolder();
        using var disk = new SmallDisk(kibibytes: 3 << 10);
        CampaignIndex expected = Events.Store(folder[Name], Campaign);
        long before = 0;
        foreach (int kibibytes in new[] { 3 << 10, 6 << 10, 64 << 10 })
        {
            disk.Resize(kibibytes);
            using SimulationStore store = Events.Open(disk[Name], Campaign);
            Assert.InRange(store.Count.Events, before, 33);
            before = store.Count.Events;
            void Fill()
            {
                foreach (EventRange range in store.Missing())
                {
                    for (long number = range.From; number < range.To; number++)
                    {
                        store.Add(Events.Of(Campaign, number, number + 1));
                        store.Commit();
                    }
                }

                store.Seal([Campaign.Name]);
            }

            if (kibibytes == 64 << 10)
            {
                Fill();
                break;
            }

            ArtifactException e = Assert.Throws<ArtifactException>(Fill);
            Assert.Contains("a full disk while writing simulations", e.Found, StringComparison.Ordinal);
            Assert.Throws<ArtifactException>(store.Commit);             // nothing may be added to what is in memory
        }

        Assert.True(before > 0, "nothing was kept");
        Assert.Equal(StoreContents.Of(folder[Name]), StoreContents.Of(disk[Name]));
        using SimulationStore sealedStore = Events.Open(disk[Name], Campaign);
        Assert.Equal(JsonArtifact.Text(expected), JsonArtifact.Text(sealedStore.Index()));
    }

    // Wherever a bit flips, what comes out in the end is what was stored, and mostly little is made again.
    [Fact, Trait("Category", "Slow")]
    public void Open_OfADamagedFile_MissesNoMoreThanWasDamaged()
    {
        using var folder = new ScratchFolder();
        string expected = JsonArtifact.Text(Events.Store(folder[Name], Campaign));
        byte[] good = File.ReadAllBytes(folder[Name]);
        SimulationSet all = Events.Of(Campaign, 0, 34);
        var rng = new Rng(2);
        int damaged = 0;
        long missing = 0;
        for (int trial = 0; trial < 60; trial++)
        {
            byte[] bad = [.. good];
            int at = trial < 20 ? 100 + (int)(rng.NextUInt64() % 16_000) : 100 + (int)(rng.NextUInt64() % (ulong)(good.Length - 100));
            bad[at] ^= (byte)(1 << (trial % 8));
            string path = folder["damaged.db"];
            File.WriteAllBytes(path, trial % 10 == 9 ? bad[..at] : bad);
            List<string> warnings = [];
            using (var store = SimulationStore.Open(path, Campaign, warnings.Add))
            {
                IReadOnlyList<EventRange> gaps = store.Missing();
                Assert.True(gaps.Count == 0 || warnings.Count > 0, $"byte {at}");
                damaged += warnings.Count > 0 ? 1 : 0;
                missing += trial % 10 == 9 || trial < 20 ? 0 : gaps.Sum(g => g.Count);
                store.Add(all);
                Assert.Equal(expected, JsonArtifact.Text(store.Index()));
                store.Seal([Campaign.Name]);
            }

            Assert.Empty(Directory.GetFiles(folder.Path, "*.partial"));
        }

        Assert.True(damaged > 30, $"only {damaged} were noticed");
        Assert.InRange(missing, 1, 36 * 8);                     // of the 36 that lost at most a block each
    }

    [Fact]
    public void Open_OfAnotherDatabaseOrANewerFormat_SaysSoAndChangesNothing()
    {
        using var folder = new ScratchFolder();
        Events.Store(folder[Name], Events.Campaign(3, outputs: 3));
        foreach ((string pragma, string found) in new[] { ("user_version = 2", "format 2, of a newer version of Quincunx"), ("application_id = 7", "a database of another program") })
        {
            Execute(folder[Name], "PRAGMA " + pragma);
            byte[] before = File.ReadAllBytes(folder[Name]);
            ArtifactException e = Assert.Throws<ArtifactException>(() => Events.Open(folder[Name], Campaign));
            Assert.Equal((folder[Name], found), (e.File, e.Found));
            Assert.Equal(before, File.ReadAllBytes(folder[Name]));
        }
    }

    private static void JsonIndex(ScratchFolder folder, string name, string text) => File.WriteAllText(folder[name], text);

    private static object Number(ScratchFolder folder, string query) => StoreContents.Rows(folder[Name], query)[0][0];

    private static void Execute(string path, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
