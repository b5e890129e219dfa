using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Quincunx.Runs.Campaigns;

/// <summary>A run of rows as the database lists it: within one block, its content under its hash.</summary>
/// <param name="First">Number of its first event.</param>
/// <param name="FailedRows">Of <see cref="FailureMap"/>.</param>
/// <param name="Hash">SHA-256 of the rows.</param>
/// <param name="Mark">SHA-256 of key, place and the rest of the list: whole rows that are listed at a wrong place are damage, too.</param>
internal sealed record StoredBlock(long First, int Rows, byte[]? FailedRows, byte[] Hash, byte[] Mark)
{
    /// <summary>The columns that <see cref="Read"/> takes, in their order.</summary>
    public const string Columns = "first, rows, failed_rows, blocks.hash, mark";

    // Where a damaged file has values of other types, what comes out has another mark.
    public static StoredBlock Read(SqliteDataReader row) =>
        new(row.IsDBNull(0) ? 0 : row.GetInt64(0), row.IsDBNull(1) ? 0 : (int)row.GetInt64(1), row.GetValue(2) as byte[], row.GetValue(3) as byte[] ?? [], row.GetValue(4) as byte[] ?? []);

    /// <param name="bytes">The rows: theta, then x.</param>
    /// <returns>Bytes that were written; 0 where the same content is stored already.</returns>
    public static long Insert(StoreConnection connection, long id, Campaign campaign, long first, byte[] bytes)
    {
        byte[] hash = SHA256.HashData(bytes);
        byte[]? failed = FailureMap.Of(bytes, campaign.RowBytes, sizeof(double) * campaign.Parameters.Count);
        bool isNew = connection.Number("SELECT count(*) FROM contents WHERE hash = $1", hash) == 0;
        if (isNew)
        {
            connection.Execute("INSERT INTO contents (hash, bytes) VALUES ($1, $2)", hash, bytes);
        }

        int rows = bytes.Length / campaign.RowBytes;
        new StoredBlock(first, rows, failed, hash, MarkOf(campaign.Key, first, rows, failed, hash)).List(connection, id);
        return isNew ? bytes.Length : 0;
    }

    /// <summary>Adds it to the list.</summary>
    public void List(StoreConnection connection, long id) => connection.Execute(
        "INSERT INTO blocks (campaign, first, rows, failed_rows, hash, mark) VALUES ($1, $2, $3, $4, $5, $6)", id, First, Rows, FailedRows, Hash, Mark);

    /// <summary>Whether it is listed as it was.</summary>
    public bool IsInPlace(string key) => Rows > 0 && Mark.AsSpan().SequenceEqual(MarkOf(key, First, Rows, FailedRows, Hash));

    private static byte[] MarkOf(string key, long first, int rows, byte[]? failed, byte[] hash)
    {
        using var mark = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        mark.AppendData(Encoding.UTF8.GetBytes(key));
        Span<byte> numbers = stackalloc byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, first);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[sizeof(long)..], rows);
        mark.AppendData(numbers);
        mark.AppendData(hash);
        mark.AppendData(failed ?? []);
        return mark.GetHashAndReset();
    }
}
