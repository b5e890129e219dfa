using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Campaigns;

/// <summary>What is in a store, whatever the order in which it came there: all of its tables but for the numbers that rows are known by.</summary>
internal static class StoreContents
{
    private static readonly string[] Queries =
    [
        "SELECT name, key, parameters, outputs FROM campaigns ORDER BY name, key",
        "SELECT hash, bytes FROM contents ORDER BY hash",
        "SELECT name, key, first, rows, failed_rows, hash, mark FROM blocks JOIN campaigns ON id = campaign ORDER BY name, key, first",
        "SELECT name, key, event, theta, message FROM failures JOIN campaigns ON id = campaign ORDER BY name, key, event",
    ];

    public static string Of(string path)
    {
        var text = new StringBuilder();
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        foreach (string query in Queries)
        {
            text.AppendLine(query);
            foreach (object[] row in Rows(connection, query))
            {
                text.AppendJoin(' ', row.Select(Show)).AppendLine();
            }
        }

        return text.ToString();
    }

    /// <summary>The simulations of a round of a run, failed ones included.</summary>
    public static SimulationSet Simulations(string run, int round = 1)
    {
        using var reader = CampaignReader.Open(Path.Combine(run, "simulations.db"), Path.Combine(run, "simulations", FormattableString.Invariant($"round-{round}.json")));
        return reader.ReadAll();
    }

    /// <summary>Rows of a query.</summary>
    public static IReadOnlyList<object[]> Rows(string path, string query)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return Rows(connection, query);
    }

    private static List<object[]> Rows(SqliteConnection connection, string query)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = query;
        using SqliteDataReader reader = command.ExecuteReader();
        List<object[]> rows = [];
        while (reader.Read())
        {
            object[] row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private static string Show(object value) => value switch
    {
        byte[] { Length: <= 32 } bytes => Convert.ToHexString(bytes),
        byte[] bytes => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
