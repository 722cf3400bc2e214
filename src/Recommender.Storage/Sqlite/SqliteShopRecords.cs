namespace Recommender.Storage.Sqlite;

internal sealed class SqliteShopRecords(Writer writer, Readers readers) : IShopRecords
{
    public Task<RecordPage> ReadAsync(Tenant tenant, RecordKind kind, string? after, CancellationToken cancellation) =>
        readers.ScanAsync(connection => connection.ReadTogether(open => RecordReading.Page(open, tenant, kind, after)), cancellation);

    public Task WriteAsync(Tenant tenant, IReadOnlyList<ShopRecord> records, CancellationToken cancellation)
    {
        for (int i = 0; i < records.Count; i++) StorableRecord.Check(records[i], i);
        return writer.WriteAsync(records.Count, connection =>
        {
            foreach (ShopRecord record in records) RecordWriting.Write(connection, tenant, record);
            return records.Count;
        }, cancellation);
    }
}
