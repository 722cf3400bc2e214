using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>MapValueToKey: gives the values of a column their numbers. A transformer may map several columns.</summary>
internal static class KeyMapping
{
    public const string Signature = "TERMTRNF";
    public const string Loader = "TermTransform";
    public const uint Version = 0x00010003;
    public const string VocabularySignature = "TERM MAN";
    public const string VocabularyLoader = "TermManager";
    public const uint VocabularyVersion = 0x00010002;
    public const string Vocabulary = "Vocabulary/Model.key";
    public const byte Texts = 0;
    public const byte Values = 1;

    /// <summary>The column that a transformer maps to <paramref name="output"/> and its keys; null where it makes no such column.</summary>
    /// <exception cref="InvalidModelException">It is damaged, or of an unknown version.</exception>
    public static (string Input, KeyVocabulary Keys)? Find(ModelEntries entries, ModelKey stage, string output)
    {
        stage.Header.Require(stage.Name, Signature, Version, Version);
        BlockReader block = stage.Block;
        int count = block.Count("columns", bytesEach: 9);
        int found = -1;
        string input = "";
        for (int column = 0; column < count; column++)
        {
            (string to, string from) = (stage.Text(block.Int32()), stage.Text(block.Int32()));
            if (to == output) (found, input) = (column, from);
        }
        // How the keys were annotated for others.
        block.Bytes(count);
        block.End();
        return found < 0 ? null : (input, ReadKeys(ModelKey.Read(entries, TransformerChain.FolderOf(stage) + Vocabulary), count, found));
    }

    private static KeyVocabulary ReadKeys(ModelKey vocabulary, int columns, int wanted)
    {
        vocabulary.Header.Require(vocabulary.Name, VocabularySignature, VocabularyVersion, VocabularyVersion);
        BlockReader block = vocabulary.Block;
        int count = block.Int32();
        if (count != columns) throw block.Invalid($"has the keys of {count} columns where the transformer maps {columns}");
        KeyVocabulary? keys = null;
        for (int column = 0; column < count; column++)
        {
            KeyVocabulary ofColumn = ReadColumn(vocabulary, block);
            if (column == wanted) keys = ofColumn;
        }
        block.End();
        return keys!;
    }

    private static KeyVocabulary ReadColumn(ModelKey vocabulary, BlockReader block)
    {
        switch (block.Byte())
        {
            case Texts:
                string[] texts = new string[block.Count("keys", bytesEach: 4)];
                for (int number = 0; number < texts.Length; number++) texts[number] = vocabulary.Text(block.Int32());
                return KeyVocabulary.OfTexts(texts);
            case Values:
                var codec = new KeyCodec(block.Text(), block.Bytes(block.VarInt("codec parameters")));
                // A byte holds eight keys at most, which are booleans.
                int count = block.Int32();
                if (count < 0 || count / 8 > block.Left) throw block.Invalid($"says that there are {count} keys; {block.Left} bytes are left for them");
                return KeyVocabulary.OfValues(codec, block.Bytes(codec.BytesFor(count)), count);
            case byte other:
                throw block.Invalid($"has keys of the kind {other}; 0 is text and 1 another type");
        }
    }
}
