using Recommender.Storage.Bson;
using static Recommender.Storage.Mongo.MongoReplies;

namespace Recommender.Storage.Mongo;

/// <summary>How a document is read, whole, into what it stands for.</summary>
internal delegate T DocumentReading<out T>(ReadOnlySpan<byte> document);

/// <summary>One collection of a shop's database, by the few commands that the stores need.</summary>
internal sealed class MongoCollection(MongoDatabase database, string name)
{
    // A command has at most 100,000 writes and, being one document, 16 MiB with all that is around what is written; both are kept far from.
    private const int MostTogether = 10_000;
    private const int MostBytes = 8_000_000;

    public string Name => name;

    /// <summary>Up to <paramref name="limit"/> documents. The answer of a server ends at 16 MB; the rest is asked for then.</summary>
    public async Task<List<T>> FindAsync<T>(
        Action<BsonWriter> filter, Action<BsonWriter>? sort, int limit, DocumentReading<T> read, MongoTarget target, CancellationToken cancellation)
    {
        var found = new List<T>();
        while (found.Count < limit)
        {
            using var reply = await database.RunAsync(command =>
            {
                command.String("find", name).Document("filter", filter);
                if (sort is not null) command.Document("sort", sort);
                if (found.Count > 0) command.Int32("skip", found.Count);
                command.Int32("limit", limit - found.Count).Int32("batchSize", limit - found.Count);
            }, target, cancellation);
            if (await TakeAsync(reply, found, read, target, cancellation)) break;
        }
        return found;
    }

    public async Task<T?> FindOneAsync<T>(Action<BsonWriter> filter, DocumentReading<T> read, CancellationToken cancellation) where T : class =>
        (await FindAsync(filter, null, 1, read, MongoTarget.Primary, cancellation)).FirstOrDefault();

    public Task<T?> FindByIdAsync<T>(string id, DocumentReading<T> read, CancellationToken cancellation) where T : class =>
        FindOneAsync(filter => filter.String("_id", id), read, cancellation);

    /// <summary>Everything a pipeline gives; it must give few documents (16 MB at most).</summary>
    public async Task<List<T>> AggregateAsync<T>(Action<BsonWriter> stages, DocumentReading<T> read, MongoTarget target, CancellationToken cancellation) =>
        await TryAggregateAsync(stages, read, target, cancellation) ?? throw new InvalidOperationException($"A pipeline over {name} gave more than one answer holds.");

    /// <summary>The same; null if it is more than one answer holds.</summary>
    public async Task<List<T>?> TryAggregateAsync<T>(Action<BsonWriter> stages, DocumentReading<T> read, MongoTarget target, CancellationToken cancellation)
    {
        var found = new List<T>();
        using var reply = await database.RunAsync(command => command.String("aggregate", name).BeginArray("pipeline").With(stages).End()
            .BeginDocument("cursor").Int32("batchSize", MostTogether * 10).End()
            .With(last => { if (target == MongoTarget.PrimarySlowly) last.Boolean("allowDiskUse", true); }), target, cancellation);
        return await TakeAsync(reply, found, read, target, cancellation) ? found : null;
    }

    public async Task<long> CountAsync(Action<BsonWriter> filter, CancellationToken cancellation)
    {
        var counts = await AggregateAsync(stages => stages.BeginDocument().Document("$match", filter).End()
            .BeginDocument().BeginDocument("$group").Null("_id").BeginDocument("n").Int32("$sum", 1).End().End().End(), ReadCount, MongoTarget.PrimarySlowly, cancellation);
        return counts.Count == 0 ? 0 : counts[0];
    }

    /// <summary>Inserts documents in no order; which of them were there already, by their place among those given.</summary>
    public async Task<IReadOnlyList<int>> InsertAsync(IReadOnlyList<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        var known = new List<int>();
        foreach (var (from, to) in Pieces(documents))
        {
            using var reply = await database.WriteAsync(command =>
            {
                command.String("insert", name).Boolean("ordered", false).BeginArray("documents");
                for (int i = from; i < to; i++) command.Document("", documents[i].Span);
                command.End();
            }, cancellation);
            foreach (var error in WriteErrors(reply))
                known.Add(error.Code == MongoErrorCodes.DuplicateKey ? from + error.Index : throw error.Refusal(name));
        }
        return known;
    }

    /// <summary>Inserts documents in no order, with one command, each written where it is sent; which of them were there already.</summary>
    /// <param name="count">So many that they fit into a command.</param>
    public async Task<IReadOnlyList<int>> InsertAsync(int count, Action<BsonWriter, int> write, CancellationToken cancellation)
    {
        using var reply = await database.WriteAsync(command =>
        {
            command.String("insert", name).Boolean("ordered", false).BeginArray("documents");
            for (int i = 0; i < count; i++)
            {
                command.BeginDocument();
                write(command, i);
                command.End();
            }
            command.End();
        }, cancellation);
        var known = new List<int>();
        foreach (var error in WriteErrors(reply)) known.Add(error.Code == MongoErrorCodes.DuplicateKey ? error.Index : throw error.Refusal(name));
        return known;
    }

    /// <summary>Inserts one document; false if there is one of its id, or of another unique key.</summary>
    public async Task<bool> TryInsertAsync(Action<BsonWriter> document, CancellationToken cancellation)
    {
        using var writer = new BsonWriter();
        document(writer);
        return (await InsertAsync([writer.Close()], cancellation)).Count == 0;
    }

    /// <summary>
    /// Changes the document of a key, begun by an insert where there is none: not every server here lets only one of two upserts at once find nothing.
    /// </summary>
    public async Task UpdateOrBeginAsync(string id, Action<BsonWriter> update, Action<BsonWriter> beginning, CancellationToken cancellation)
    {
        while ((await UpdateAsync(filter => filter.String("_id", id), update, upsert: false, cancellation)).Matched == 0)
            await TryInsertAsync(document => document.String("_id", id).With(beginning), cancellation);
    }

    /// <summary>Changes one document; an update is a document of operators, or a whole document in its place.</summary>
    public async Task<UpdateResult> UpdateAsync(Action<BsonWriter> filter, Action<BsonWriter> update, bool upsert, CancellationToken cancellation)
    {
        using var reply = await database.WriteAsync(command => command.String("update", name).BeginArray("updates").With(Statement(filter, update, upsert, multi: false)).End(), cancellation);
        foreach (var error in WriteErrors(reply))
        {
            // Two upserts at once: one of them finds the other's document only when it inserts, and changes it now, unless the filter asks for more than the key.
            if (error.Code == MongoErrorCodes.DuplicateKey && upsert) return await UpdateAsync(filter, update, upsert: false, cancellation);
            throw error.Refusal(name);
        }
        return ReadUpdate(reply);
    }

    /// <summary>Puts whole documents in the place of those of the same <c>_id</c>, or beside them.</summary>
    public async Task ReplaceAsync(IReadOnlyList<(string Id, ReadOnlyMemory<byte> Document)> documents, CancellationToken cancellation)
    {
        foreach (var (from, to) in Pieces([.. documents.Select(one => one.Document)]))
        {
            using var reply = await database.WriteAsync(command =>
            {
                command.String("update", name).Boolean("ordered", false).BeginArray("updates");
                for (int i = from; i < to; i++)
                    command.BeginDocument().BeginDocument("q").String("_id", documents[i].Id).End().Document("u", documents[i].Document.Span).Boolean("upsert", true).End();
                command.End();
            }, cancellation);
            var errors = WriteErrors(reply).ToArray();
            if (errors.FirstOrDefault(error => error.Code != MongoErrorCodes.DuplicateKey) is { Code: not 0 } other) throw other.Refusal(name);
            // Two upserts of one id at once: the one that lost goes again, and finds the other's.
            if (errors.Length > 0) await ReplaceAsync([.. errors.Select(error => documents[from + error.Index])], cancellation);
        }
    }

    /// <summary>Runs many updates in no order, as <paramref name="statements"/> writes them with <see cref="Statement"/>; how many matched.</summary>
    public async Task<UpdateResult> UpdateManyAsync(Action<BsonWriter> statements, CancellationToken cancellation)
    {
        using var reply = await database.WriteAsync(command => command.String("update", name).Boolean("ordered", false).BeginArray("updates").With(statements).End(), cancellation);
        foreach (var error in WriteErrors(reply)) throw error.Refusal(name);
        return ReadUpdate(reply);
    }

    /// <summary>
    /// Runs updates in no order, each written by <see cref="StatementOf"/>, as many commands as they take; how many matched. Upserts that met
    /// others of their key go again.
    /// </summary>
    public async Task<UpdateResult> UpdateEachAsync(IReadOnlyList<ReadOnlyMemory<byte>> statements, CancellationToken cancellation)
    {
        var result = new UpdateResult(0, 0);
        foreach (var (from, to) in Pieces(statements))
        {
            using var reply = await database.WriteAsync(command =>
            {
                command.String("update", name).Boolean("ordered", false).BeginArray("updates");
                for (int i = from; i < to; i++) command.Document("", statements[i].Span);
                command.End();
            }, cancellation);
            var errors = WriteErrors(reply);
            foreach (var error in errors.Where(error => error.Code != MongoErrorCodes.DuplicateKey)) throw error.Refusal(name);
            result = result.And(ReadUpdate(reply));
            if (errors.Count > 0) result = result.And(await UpdateEachAsync([.. errors.Select(error => statements[from + error.Index])], cancellation));
        }
        return result;
    }

    /// <summary>Changes one document and returns it as it then is; null if none matched and none was inserted.</summary>
    public async Task<T?> FindAndUpdateAsync<T>(Action<BsonWriter> filter, Action<BsonWriter> update, bool upsert, DocumentReading<T> read, CancellationToken cancellation) where T : class
    {
        while (true)
        {
            try
            {
                using var reply = await database.WriteAsync(command =>
                    command.String("findAndModify", name).Document("query", filter).Document("update", update).Boolean("upsert", upsert).Boolean("new", true), cancellation);
                return ReadValue(reply, read);
            }
            catch (MongoCommandException twice) when (upsert && twice.Code == MongoErrorCodes.DuplicateKey) { cancellation.ThrowIfCancellationRequested(); }
        }
    }

    /// <summary>Deletes what matches, at most one document or all.</summary>
    public async Task<long> DeleteAsync(Action<BsonWriter> filter, bool all, CancellationToken cancellation)
    {
        using var reply = await database.WriteAsync(command =>
            command.String("delete", name).BeginArray("deletes").BeginDocument().Document("q", filter).Int32("limit", all ? 0 : 1).End().End(), cancellation);
        foreach (var error in WriteErrors(reply)) throw error.Refusal(name);
        return ReadUpdate(reply).Matched;
    }

    public Task<long> DeleteByIdsAsync(IEnumerable<string> ids, CancellationToken cancellation) =>
        DeleteAsync(filter => filter.BeginDocument("_id").Strings("$in", ids).End(), all: true, cancellation);

    public static Action<BsonWriter> Statement(Action<BsonWriter> filter, Action<BsonWriter> update, bool upsert, bool multi) => writer =>
        writer.BeginDocument().Document("q", filter).Document("u", update).Boolean("upsert", upsert).Boolean("multi", multi).End();

    /// <summary>The same as a document of its own, for <see cref="UpdateEachAsync"/>.</summary>
    public static ReadOnlyMemory<byte> StatementOf(Action<BsonWriter> filter, Action<BsonWriter> update, bool upsert) =>
        DocumentOf(writer => writer.Document("q", filter).Document("u", update).Boolean("upsert", upsert));

    /// <summary>One that puts a whole document in the place of the one that matches, if any does.</summary>
    public static ReadOnlyMemory<byte> ReplacementOf(Action<BsonWriter> filter, ReadOnlyMemory<byte> replacement) =>
        DocumentOf(writer => writer.Document("q", filter).Document("u", replacement.Span));

    public static ReadOnlyMemory<byte> DocumentOf(Action<BsonWriter> content)
    {
        using var writer = new BsonWriter();
        content(writer);
        return writer.Close().ToArray();
    }

    private async Task<bool> TakeAsync<T>(BsonReply reply, List<T> found, DocumentReading<T> read, MongoTarget target, CancellationToken cancellation)
    {
        long cursor = ReadBatch(reply, found, read);
        if (cursor == 0) return true;
        // Its rest is asked for anew, by skipping what is there: a cursor belongs to one server and one session, and a command that is sent again, perhaps to
        // another server, knows of neither. Few answers are longer than 16 MB, so that the skipping costs little. Where the URI prefers one of several secondaries
        // this may come to another than the one that has the cursor, and that gives it up by itself, after ten minutes.
        (await database.RunAsync(command => command.String("killCursors", name).BeginArray("cursors").Int64("", cursor).End(), target, cancellation)).Dispose();
        return false;
    }

    private long ReadBatch<T>(BsonReply reply, List<T> found, DocumentReading<T> read)
    {
        long id = 0;
        var fields = reply.Read();
        if (!fields.Find("cursor"u8)) throw new InvalidBsonException("The answer to a query has no cursor.");
        var cursor = new BsonReader(fields.Document());
        while (cursor.Read())
        {
            if (cursor.Is("id"u8)) id = cursor.Int64();
            if (!cursor.Is("firstBatch"u8)) continue;
            var batch = new BsonReader(cursor.Document());
            while (batch.Read()) found.Add(ReadWhole(batch.Document(), read));
        }
        return id;
    }

    /// <exception cref="InvalidBsonException">It is not what the collection holds; says which document it is.</exception>
    private T ReadWhole<T>(ReadOnlySpan<byte> document, DocumentReading<T> read)
    {
        try { return read(document); }
        catch (Exception problem) when (problem is InvalidBsonException or ArgumentException or OverflowException)
        {
            throw new InvalidBsonException($"The document {IdOf(document)} in the collection {name} cannot be read: {problem.Message}", problem);
        }
    }

    private static string IdOf(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return !fields.Find("_id"u8) ? "without an _id" : fields.Type == BsonType.String ? fields.String() : $"whose _id is {fields.Type}";
    }

    private T? ReadValue<T>(BsonReply reply, DocumentReading<T> read) where T : class
    {
        var fields = reply.Read();
        return fields.Find("value"u8) && !fields.IsNull ? ReadWhole(fields.Document(), read) : null;
    }

    /// <summary>Pieces of which each fits into a command.</summary>
    private static IEnumerable<(int From, int To)> Pieces(IReadOnlyList<ReadOnlyMemory<byte>> documents)
    {
        for (int from = 0, to; from < documents.Count; from = to)
        {
            long bytes = 0;
            for (to = from; to < documents.Count && to - from < MostTogether && (to == from || bytes + documents[to].Length <= MostBytes); to++) bytes += documents[to].Length;
            yield return (from, to);
        }
    }
}
