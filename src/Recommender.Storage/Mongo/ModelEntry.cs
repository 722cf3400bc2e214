using Recommender.Storage.Bson;

namespace Recommender.Storage.Mongo;

/// <summary>What makes a model be in the store: the entry of its card.</summary>
/// <param name="Upload">The attempt that it is from.</param>
/// <param name="Files">The other files by their names, with their ids.</param>
internal sealed record ModelEntry(string ModelId, string Upload, IReadOnlyList<(string Name, string Id)> Files)
{
    public static ModelEntry Read(ReadOnlySpan<byte> document)
    {
        var (modelId, upload) = ("", "");
        var files = new List<(string, string)>();
        var entry = new BsonReader(document);
        if (!entry.Find("metadata"u8)) throw new InvalidBsonException("The entry of a model has no metadata.");
        var fields = new BsonReader(entry.Document());
        while (fields.Read())
        {
            if (fields.Is("model_id"u8)) modelId = fields.String();
            else if (fields.Is("upload"u8)) upload = fields.String();
            else if (fields.Is("files"u8)) ReadFiles(fields.Document(), files);
        }
        return new(modelId, upload, files);
    }

    private static void ReadFiles(ReadOnlySpan<byte> array, List<(string, string)> files)
    {
        var each = new BsonReader(array);
        while (each.Read())
        {
            var (name, id) = ("", "");
            var fields = new BsonReader(each.Document());
            while (fields.Read())
            {
                if (fields.Is("name"u8)) name = fields.String();
                else if (fields.Is("id"u8)) id = fields.String();
            }
            files.Add((name, id));
        }
    }
}
