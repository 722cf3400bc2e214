namespace Recommender.Storage.Sqlite;

internal sealed class SqliteModelRegistry(Writer writer, Readers readers) : IModelRegistry
{
    public Task AddAsync(Tenant tenant, ModelVersion version, CancellationToken cancellation)
    {
        Storable.RequireId(version.Id, "model", 0);
        Storable.RequireText(version.Card, "model", version.Id, "card");
        return writer.WriteAsync(1, connection =>
        {
            using Statement insert = connection.Use("""
                INSERT INTO models (tenant, id, trained_at, events_up_to, card) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING
                """);
            insert.With(tenant.Id).With(version.Id).With(version.TrainedAt).With(version.EventsUpTo).With(version.Card);
            return insert.Run() == 1 ? true
                : throw new InvalidOperationException($"model {version.Id} is in the registry already; every training has an id of its own.");
        }, cancellation);
    }

    public Task<IReadOnlyList<ModelVersion>> ListAsync(Tenant tenant, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ModelVersion>>(readers.Read(connection =>
        {
            using Statement select = connection.Use(
                "SELECT id, trained_at, events_up_to, card FROM models WHERE tenant = ? ORDER BY trained_at DESC, id DESC");
            select.With(tenant.Id);
            var versions = new List<ModelVersion>();
            while (select.Step()) versions.Add(new(select.Text(0), select.Instant(1), select.Long(2), select.Text(3)));
            return versions;
        }, cancellation));

    public Task PublishAsync(Tenant tenant, Publication publication, CancellationToken cancellation)
    {
        Storable.RequireText(publication.Reason, "publication of", publication.ModelId, "reason");
        return writer.WriteAsync(1, connection =>
        {
            using Statement insert = connection.Use("""
                INSERT INTO publications (tenant, sequence, model_id, published_at, reason)
                SELECT tenant, COALESCE((SELECT MAX(sequence) FROM publications WHERE tenant = ?), 0) + 1, id, ?, ?
                FROM models WHERE tenant = ? AND id = ?
                """);
            insert.With(tenant.Id).With(publication.PublishedAt).With(publication.Reason).With(tenant.Id).With(publication.ModelId);
            return insert.Run() == 1 ? true
                : throw new KeyNotFoundException($"there is no model {publication.ModelId} in the registry.");
        }, cancellation);
    }

    public Task<IReadOnlyList<Publication>> PublicationsAsync(Tenant tenant, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Publication>>(readers.Read(connection =>
        {
            using Statement select = connection.Use(
                "SELECT model_id, published_at, reason FROM publications WHERE tenant = ? ORDER BY sequence DESC");
            select.With(tenant.Id);
            var publications = new List<Publication>();
            while (select.Step()) publications.Add(new(select.Text(0), select.Instant(1), select.Text(2)));
            return publications;
        }, cancellation));
}
