using System.Text;
using Recommender.Models;
using Recommender.Scoring;

namespace Recommender.Tests.Models;

/// <summary>A model that was written and read again: its items have other numbers, and everything else is as it was.</summary>
internal sealed class SavedModel
{
    private readonly int[] _before;

    public SavedModel(TrainedModel model) : this(model, Read(model, Files(model))) { }

    public SavedModel(TrainedModel model, TrainedModel loaded)
    {
        (Loaded, Numbers, _before) = (loaded, new int[model.Items.Count], new int[model.Items.Count]);
        Assert.Equal(model.Items.Count, loaded.Items.Count);
        for (int item = 0; item < Numbers.Length; item++)
        {
            Assert.True(loaded.Items.TryGetNumber(model.Items[item], out Numbers[item]), model.Items[item]);
            _before[Numbers[item]] = item;
        }
    }

    public TrainedModel Loaded { get; }

    /// <summary>By the number that an item had the one that it has now.</summary>
    public int[] Numbers { get; }

    public int[] Of(ReadOnlySpan<int> items) => [.. items.ToArray().Select(item => Numbers[item])];

    /// <summary>In the numbers that were before, best first; what is not of the model keeps its own.</summary>
    public ScoredItem[] Before(IEnumerable<ScoredItem> answer) =>
        [.. answer.Select(one => one.Item < _before.Length ? one with { Item = _before[one.Item] } : one).OrderByDescending(one => one.Score).ThenBy(one => one.Item)];

    public static Dictionary<string, byte[]> Files(TrainedModel model)
    {
        var files = new Dictionary<string, MemoryStream>();
        ModelFiles.Write(model, name => files[name] = new MemoryStream());
        return files.ToDictionary(file => file.Key, file => file.Value.ToArray());
    }

    public static TrainedModel Read(TrainedModel model, Dictionary<string, byte[]> files) =>
        ModelFiles.Read(ModelCard.Parse(Encoding.UTF8.GetBytes(model.Card.ToJson())), name => new MemoryStream(files[name]));
}
