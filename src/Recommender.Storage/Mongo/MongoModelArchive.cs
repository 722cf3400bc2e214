using System.Security.Cryptography;
using System.Text;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Storage.Mongo;

/// <summary>
/// Models in the database, and beside it a folder of this machine in which those that were asked for are kept, as <see cref="ModelFolder"/> has them. A
/// model's card is entered last: it is what makes the model be there, and names the files of the upload that it belongs to. What a killed upload leaves is
/// found by nobody.
/// </summary>
internal sealed class MongoModelArchive(MongoDatabase database, string cache) : IModelArchive
{
    private readonly MongoCollection _entries = database.Collection(MongoCollections.ModelFiles);
    private readonly GridFiles _files = new(database);

    /// <summary>Where models of a database are kept unless the options say otherwise.</summary>
    public static string DefaultCache
    {
        get
        {
            string caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(caches, "recommender");
        }
    }

    public async Task<ModelCard> SaveAsync(Tenant tenant, TrainedModel model, CancellationToken cancellation)
    {
        string id = model.Card.Id;
        if (await FindAsync(tenant, id, cancellation) is not null) throw Taken(id);
        var folder = CacheOf(tenant);
        // Of an upload that did not come to its end: the store does not have it, so nobody uses it.
        if (Directory.Exists(folder.PathOf(id))) Directory.Delete(folder.PathOf(id), recursive: true);
        try
        {
            var card = await FolderArchive.HereAsync(() => folder.Save(model, cancellation), cancellation);
            if (!await TryUploadAsync(tenant, folder, card, cancellation)) throw Taken(id);
            return card;
        }
        catch (StoreException failure)
        {
            throw new IOException($"The model {id} could not be kept: {failure.Message}", failure);
        }
    }

    public async Task<TrainedModel> LoadAsync(Tenant tenant, string modelId, Vocabulary known, CancellationToken cancellation)
    {
        var folder = await FetchAsync(tenant, modelId, cancellation);
        try
        {
            return await FolderArchive.HereAsync(() => folder.Load(modelId, known), cancellation);
        }
        catch (InvalidModelException)
        {
            // What lies in the cache is damaged; what the store has is looked at before it is said that the model is.
            Directory.Delete(folder.PathOf(modelId), recursive: true);
            await FetchAsync(tenant, modelId, cancellation);
            return await FolderArchive.HereAsync(() => folder.Load(modelId, known), cancellation);
        }
    }

    public async Task ExportAsync(Tenant tenant, string modelId, string folder, CancellationToken cancellation)
    {
        var cached = await FetchAsync(tenant, modelId, cancellation);
        await Task.Run(() => cached.CopyOut(modelId, folder, cancellation), cancellation);
    }

    public async Task ImportAsync(Tenant tenant, string folder, CancellationToken cancellation)
    {
        string source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var from = new ModelFolder(Path.GetDirectoryName(source)!);
        var card = from.ReadCard(Path.GetFileName(source));
        if (await FindAsync(tenant, card.Id, cancellation) is not null) return;
        var cached = CacheOf(tenant);
        if (Directory.Exists(cached.PathOf(card.Id))) Directory.Delete(cached.PathOf(card.Id), recursive: true);
        await Task.Run(() =>
        {
            DurableDirectory.Make(Path.GetFullPath(cached.Root));
            cached.CopyIn(source, cancellation);
        }, cancellation);
        await TryUploadAsync(tenant, cached, card, cancellation);
    }

    public async Task<IReadOnlyList<string>> ListAsync(Tenant tenant, CancellationToken cancellation)
    {
        var entries = await _entries.FindAsync(filter => filter.BeginDocument("_id").String("$gte", BsonDomain.Key(tenant, "")).String("$lt", BsonDomain.KeyAfter(tenant)).End()
            .BeginDocument("metadata.model_id").Boolean("$exists", true).End(), null, int.MaxValue, ModelEntry.Read, MongoTarget.Primary, cancellation);
        return [.. entries.Select(entry => entry.ModelId).OrderDescending(StringComparer.Ordinal)];
    }

    private static IOException Taken(string modelId) => new($"The model {modelId} is in the store already.");

    private ModelFolder CacheOf(Tenant tenant) =>
        new(Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant.Id)))[..16]));

    private Task<ModelEntry?> FindAsync(Tenant tenant, string modelId, CancellationToken cancellation) =>
        _entries.FindByIdAsync(BsonDomain.Key(tenant, modelId), ModelEntry.Read, cancellation);

    /// <summary>False if another server has entered the model meanwhile; nothing is left behind then, or after a failure.</summary>
    private async Task<bool> TryUploadAsync(Tenant tenant, ModelFolder folder, ModelCard card, CancellationToken cancellation)
    {
        string upload = Guid.NewGuid().ToString("N");
        var written = new List<(string Name, string Id)>();
        bool entered = false;
        try
        {
            foreach (string name in card.Files.Keys)
            {
                string id = BsonDomain.Key(tenant, $"{card.Id}/{upload}/{name}");
                written.Add((name, id));
                long length = await WriteAsync(folder, card.Id, name, id, cancellation);
                await _files.TryEnterAsync(id, BsonDomain.Key(tenant, $"{card.Id}/{name}"), length, metadata => metadata.String("tenant", tenant.Id).String("sha256", card.Files[name]), cancellation);
            }
            return entered = await TryEnterCardAsync(tenant, folder, card.Id, upload, written, cancellation);
        }
        finally
        {
            if (!entered) await RemoveAsync(written);
        }
    }

    private async Task RemoveAsync(List<(string Name, string Id)> written)
    {
        try
        {
            foreach (var (_, id) in written) await _files.RemoveAsync(id, CancellationToken.None);
        }
        catch (StoreException)
        {
            // The upload failed because the store is out of reach, and what is left of it is found by nobody.
        }
    }

    private async Task<bool> TryEnterCardAsync(Tenant tenant, ModelFolder folder, string modelId, string upload, List<(string Name, string Id)> written, CancellationToken cancellation)
    {
        string key = BsonDomain.Key(tenant, modelId);
        // Of an upload that was killed at this point.
        if (await FindAsync(tenant, modelId, cancellation) is null) await _files.RemoveAsync(key, cancellation);
        long length = await WriteAsync(folder, modelId, ModelFiles.Card, key, cancellation);
        bool entered = await _files.TryEnterAsync(key, $"{key}/{ModelFiles.Card}", length, metadata =>
        {
            metadata.String("tenant", tenant.Id).String("model_id", modelId).String("upload", upload).BeginArray("files");
            foreach (var (name, id) in written) metadata.BeginDocument().String("name", name).String("id", id).End();
            metadata.End();
        }, cancellation);
        // Entered before, by this very upload, where the answer was lost.
        return entered || (await FindAsync(tenant, modelId, cancellation))?.Upload == upload;
    }

    private async Task<long> WriteAsync(ModelFolder folder, string modelId, string name, string id, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(Path.Combine(folder.PathOf(modelId), name));
        return await _files.WriteChunksAsync(id, content, cancellation);
    }

    /// <summary>The cache, in which the model now is.</summary>
    /// <exception cref="InvalidModelException">The store does not have it, or what it has is damaged.</exception>
    private async Task<ModelFolder> FetchAsync(Tenant tenant, string modelId, CancellationToken cancellation)
    {
        var entry = await FindAsync(tenant, modelId, cancellation)
            ?? throw new InvalidModelException($"There is no model '{modelId}' in the database {database.Name}.");
        var folder = CacheOf(tenant);
        string target = folder.PathOf(modelId);
        if (File.Exists(Path.Combine(target, ModelFiles.Card))) return folder;
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        // Beside the others under a name that no listing shows; two at once have two names, and the first to be ready gives the model its own.
        string temporary = $"{target}.tmp-{Guid.NewGuid():N}";
        DurableDirectory.Make(Path.GetFullPath(temporary));
        try
        {
            foreach (var (name, id) in entry.Files.Append((Name: ModelFiles.Card, Id: BsonDomain.Key(tenant, modelId)))) await DownloadAsync(temporary, name, id, cancellation);
            Check(temporary, modelId);
            if (!Directory.Exists(target)) MoveUnlessThere(temporary, target);
            return folder;
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }

    private async Task DownloadAsync(string folder, string name, string id, CancellationToken cancellation)
    {
        if (name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || name is "" or "." or "..") throw new InvalidModelException($"'{name}' is no name of a model's file.");
        await using var file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write);
        await _files.ReadAsync(id, file, cancellation);
    }

    private static void Check(string folder, string modelId)
    {
        var card = ModelCard.Parse(File.ReadAllBytes(Path.Combine(folder, ModelFiles.Card)));
        foreach (var (name, expected) in card.Files)
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file)) throw new InvalidModelException($"'{name}' of model '{modelId}' is not in the database.");
            using var stream = File.OpenRead(file);
            string actual = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (actual != expected)
                throw new InvalidModelException($"'{name}' of model '{modelId}' has the SHA-256 {actual} in the database, its card says {expected}: it was changed or damaged.");
        }
    }

    private static void MoveUnlessThere(string temporary, string target)
    {
        try
        {
            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Somebody else was ready first, with the same files.
        }
    }
}
