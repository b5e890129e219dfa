using System.Security.Cryptography;

namespace Quincunx.Runs.Campaigns;

/// <summary>A run of rows as the database has it.</summary>
internal static class StoredBlock
{
    /// <param name="bytes">The rows: theta, then x.</param>
    /// <param name="x">Where x begins in a row, in bytes.</param>
    /// <returns>Bytes that were written; 0 where the same content is stored already.</returns>
    public static long Insert(StoreConnection connection, long campaign, long first, int rows, ReadOnlySpan<byte> bytes, int x)
    {
        byte[] hash = SHA256.HashData(bytes);
        byte[]? failed = FailureMap.Of(bytes, bytes.Length / rows, x);
        bool isNew = connection.Number("SELECT count(*) FROM contents WHERE hash = $1", hash) == 0;
        if (isNew)
        {
            connection.Execute("INSERT INTO contents (hash, bytes) VALUES ($1, $2)", hash, bytes.ToArray());
        }

        connection.Execute(
            "INSERT INTO blocks (campaign, first, rows, failed, failed_rows, hash) VALUES ($1, $2, $3, $4, $5, $6)",
            campaign, first, rows, FailureMap.Count(failed, 0, rows), failed, hash);
        return isNew ? bytes.Length : 0;
    }
}
