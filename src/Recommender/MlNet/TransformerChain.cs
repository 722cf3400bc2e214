using System.Globalization;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>The transformers of a saved model that act when it predicts, in their order, chains within chains laid out flat.</summary>
internal static class TransformerChain
{
    public const string Signature = "XF CHAIN";
    public const string Loader = "TransformerChain";
    public const uint Version = 0x00010001;

    /// <summary>The scope of a transformer that acts always: in training (1), testing (2) and scoring (4).</summary>
    public const int Everywhere = 7;

    private const int Scoring = 4;

    // A saved pipeline is two or three deep; a file that says otherwise must not overflow the stack.
    private const int Deepest = 32;

    /// <exception cref="InvalidModelException">There is none, or it is damaged.</exception>
    public static IReadOnlyList<ModelKey> Read(ModelEntries entries)
    {
        if (!entries.Has($"{Loader}/Model.key"))
        {
            throw new InvalidModelException($"The zip has no '{Loader}/Model.key', so it is no model that ML.NET saved (Model.Save). It holds: "
                + $"{string.Join(", ", entries.Names.Take(5).Select(name => $"'{name}'"))}.");
        }
        var stages = new List<ModelKey>();
        Add(entries, Loader, stages, depth: 0);
        return stages;
    }

    private static void Add(ModelEntries entries, string folder, List<ModelKey> stages, int depth)
    {
        var key = ModelKey.Read(entries, $"{folder}/Model.key");
        if (key.Header.Loader != Loader)
        {
            stages.Add(key);
            return;
        }
        if (depth == Deepest) throw new InvalidModelException($"'{folder}' is a chain within {Deepest} others: this is no model that anybody saved.");
        key.Header.Require(key.Name, Signature, Version, Version);
        BlockReader block = key.Block;
        int count = block.Count("transformers", bytesEach: 4);
        for (int number = 0; number < count; number++)
        {
            int scope = block.Int32();
            if ((scope & ~Everywhere) != 0) throw block.Invalid($"has a transformer {number} of the scope {scope}");
            if ((scope & Scoring) != 0) Add(entries, string.Create(CultureInfo.InvariantCulture, $"{folder}/Transform_{number:000}"), stages, depth + 1);
        }
        block.End();
    }

    /// <summary>The folder of a stage, with a slash.</summary>
    public static string FolderOf(ModelKey stage) => stage.Name[..(stage.Name.LastIndexOf('/') + 1)];
}
